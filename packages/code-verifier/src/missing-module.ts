import { createRequire } from 'node:module'

/** Libraries that programs import and that Pyodide's own list lacks. */
const OTHERS = (
  'torch torchvision torchaudio tensorflow keras jax flax transformers datasets tokenizers boto3 flask django fastapi ' +
  'selenium psycopg2 pymysql pymongo redis celery pyspark dask numba cupy theano mxnet cv2 nltk spacy gensim plotly ' +
  'seaborn tqdm click rich dotenv google openai anthropic pygame tkinter_tooltip pwn serial usb win32api'
).split(' ')

let known: ReadonlySet<string> | undefined

/**
 * Whether a module that is missing is one that a program may rightly expect elsewhere: it is in the list of libraries
 * that Pyodide comes with, or is one of a few others. A made-up name is an error of the program.
 */
export function isLibrary(module: string): boolean {
  known ??= new Set([...OTHERS, ...importsOfPyodide()])
  return known.has(module)
}

function importsOfPyodide(): readonly string[] {
  const { packages } = createRequire(import.meta.url)('pyodide/pyodide-lock.json') as {
    readonly packages: Readonly<Record<string, { readonly imports: readonly string[] }>>
  }
  return Object.values(packages).flatMap(({ imports }) => imports.map((name) => name.split('.')[0]!))
}
