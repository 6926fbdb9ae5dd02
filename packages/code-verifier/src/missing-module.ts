import { createRequire } from 'node:module'

/** Libraries that programs import and that Pyodide's own list lacks. */
const OTHERS = (
  'torch torchvision torchaudio tensorflow keras jax flax transformers datasets tokenizers boto3 flask django fastapi ' +
  'selenium psycopg2 pymysql pymongo redis celery pyspark dask numba cupy theano mxnet cv2 nltk spacy gensim plotly ' +
  'seaborn tqdm click rich dotenv google openai anthropic pygame tkinter_tooltip pwn serial usb win32api'
).split(' ')

let known: ReadonlySet<string> | undefined

/**
 * Why a program that failed for want of a module cannot be judged: it imports a library which is not installed here.
 * Undefined for a made-up name, and for a module that the code does not import: those are errors of the program.
 *
 * @param module that was missing by the program's own report, if that was its error
 */
export function missingLibrary(code: string, module: string | undefined): string | undefined {
  if (module === undefined || !imports(code, module) || !isLibrary(module)) return undefined
  return `the program imports ${module}, which is not installed here`
}

/** Whether the code has an import of the module: an error of that name alone may be made up. */
const imports = (code: string, module: string): boolean =>
  new RegExp(`^[ \\t]*(?:from|import)\\b[^\\n]*\\b${module.replace(/[^A-Za-z0-9_]/g, '')}\\b`, 'm').test(code)

/** Whether a program may rightly expect a module elsewhere: Pyodide's list has it, or it is one of a few others. */
function isLibrary(module: string): boolean {
  known ??= new Set([...OTHERS, ...importsOfPyodide()])
  return known.has(module)
}

function importsOfPyodide(): readonly string[] {
  const { packages } = createRequire(import.meta.url)('pyodide/pyodide-lock.json') as {
    readonly packages: Readonly<Record<string, { readonly imports: readonly string[] }>>
  }
  return Object.values(packages).flatMap(({ imports }) => imports.map((name) => name.split('.')[0]!))
}
