import { readFileSync } from 'node:fs'
import { boundedOutput } from './output.mjs'
import { filesAsTheyAre } from './pyodide-files.mjs'

const PAGE = 65_536
/** Memory up to which an interpreter that has grown is used again, in bytes. */
const KEPT = 128 * 2 ** 20
/** A program finds no object of JavaScript by way of `js`, and no variable of the environment. */
const SETTINGS = { jsglobals: Object.create(null), env: {} }

/**
 * A Python interpreter whose memory is put back after each run: builtins, modules, environment and files are then
 * those of the first run.
 *
 * @param {object} settings
 * @param {string} settings.folder of the package pyodide
 * @param {string} settings.sources folder of our Python files
 * @param {number} settings.memory bytes beyond which Python raises MemoryError
 * @param {number} settings.output bytes that a run may write
 * @param {WebAssembly.Module} [settings.module] compiled before, so that this thread need not
 * @param {Uint8Array} [settings.snapshot] memory of an interpreter that has imported the library
 * @param {object} channel
 * @param {(text: string) => string} channel.exchange says a text and waits for the next one
 * @param {(said: object) => never} channel.die says why the interpreter cannot go on, and never returns
 */
export async function startPyodide({ folder, sources, memory, output, module, snapshot }, { exchange, die }) {
  limitMemory(memory)
  if (module) useModule(module)
  const { loadPyodide } = await import(new URL('pyodide.mjs', `file://${folder}/`).href)
  const python = await loadPyodide({ ...SETTINGS, indexURL: folder, ...(snapshot && { _loadSnapshot: snapshot }) })
  const { PythonError } = python.ffi
  const streams = boundedOutput(output, die)
  connect(python, streams)
  const roles = loadSources(python, sources, exchange)
  closeBridge(python)
  const files = filesAsTheyAre(python.FS)
  const heap = () => python._module.HEAPU8
  const first = heap().slice()
  return {
    python,
    run(text) {
      const { role, stdin = '' } = JSON.parse(text)
      streams.reset(stdin)
      try {
        return { text: roles[role](text), ...streams.written() }
      } catch (error) {
        // An error of Python leaves an interpreter whose memory can be put back; anything else does not. One for want of
        // memory comes here where there was none left even to say so.
        const isPython = error instanceof PythonError
        if (isPython && error.type !== 'MemoryError') return { text: '', ...streams.written() }
        return die({ ...deathBy(error), ...streams.written() })
      }
    },
    restore() {
      const memory = heap()
      memory.set(first)
      memory.fill(0, first.length)
      return files.restore() && memory.length <= KEPT
    },
  }
}

function deathBy(error) {
  const message = String(error?.message ?? error)
    .split('\n')[0]
    .slice(0, 300)
  const [, status] = /^Program terminated with exit\((\d+)\)/.exec(message) ?? []
  if (error?.type === 'MemoryError') return { kind: 'died', cause: 'memory', message: 'it used too much memory' }
  if (status === undefined) return { kind: 'died', cause: 'error', message }
  return { kind: 'died', cause: 'exit', message, exitCode: Number(status) }
}

/** Modules that most programs import: an interpreter begins with them. */
const LIBRARY =
  'abc ast bisect cmath collections copy dataclasses datetime decimal enum fractions functools hashlib heapq io ' +
  'itertools json keyword math numbers operator os random re statistics string struct sys textwrap time types typing ' +
  'unittest'

/** The memory of an interpreter that has imported the library, for others to begin with. */
export async function pyodideSnapshot(folder) {
  const { loadPyodide } = await import(new URL('pyodide.mjs', `file://${folder}/`).href)
  const python = await loadPyodide({ ...SETTINGS, indexURL: folder, _makeSnapshot: true })
  python.runPython(`import ${LIBRARY.split(' ').join(', ')}`)
  python.runPython(`del ${LIBRARY.split(' ').join(', ')}`)
  return python.makeMemorySnapshot()
}

/** Refuses to grow: the allocation fails, and Python raises MemoryError. */
function limitMemory(bytes) {
  const { grow } = WebAssembly.Memory.prototype
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * PAGE > bytes) throw new RangeError('the memory limit is reached')
    return grow.call(this, pages)
  }
}

/** Lets Pyodide find its large module compiled. */
function useModule(module) {
  const { instantiate } = WebAssembly
  WebAssembly.instantiateStreaming = undefined
  WebAssembly.instantiate = async (source, imports) =>
    source.byteLength > 10 * PAGE
      ? { module, instance: new WebAssembly.Instance(module, imports) }
      : instantiate(source, imports)
}

/**
 * Takes away what leads from Python to code of JavaScript: modules, the constructor that functions have, and what reads
 * code from a text. This makes a way out hard to find; a boundary is what the process around us is.
 */
function closeBridge(python) {
  for (const name of ['js', 'pyodide_js']) python.unregisterJsModule(name)
  for (const one of [function () {}, async function () {}, function* () {}, async function* () {}]) {
    delete Object.getPrototypeOf(one).constructor
  }
  globalThis.eval = undefined
}

function connect(python, streams) {
  python.setStdin({ read: streams.read, isatty: false })
  python.setStdout({ write: streams.write, isatty: false })
  python.setStderr({ write: streams.complain, isatty: false })
}

/**
 * Our Python files as modules of the interpreter: no file of them is left for a program to read. `exchange` becomes an
 * object of Python here, once: one that comes and goes with a run would not survive that memory is put back.
 */
function loadSources(python, folder, exchange) {
  python.globals.set('exchange', exchange)
  const names = [...JSON.parse(readFileSync(`${folder}/sources.json`, 'utf8')), 'loop', 'suite']
  for (const name of names) {
    python.globals.set('source', readFileSync(`${folder}/${name}.py`, 'utf8'))
    python.runPython(`import builtins, sys, types
sys.modules['${name}'] = module = types.ModuleType('${name}')
module.__builtins__ = dict(builtins.__dict__) # a program that replaces a function replaces its own
exec(compile(source, '${name}.py', 'exec'), module.__dict__)`)
  }
  python.runPython(`from program import run_main, serve_program
from suite import serve_suite
from loop import use_sleeping_loop
use_sleeping_loop()
def with_exchange(serve, exchange):
    return lambda text: serve(text, exchange)
roles = [with_exchange(serve, exchange) for serve in (serve_program, run_main, serve_suite)]
for name in (${JSON.stringify(names.filter((name) => name !== 'peer'))} + ['pyodide_js']):
    sys.modules.pop(name, None) # a program may give such names to modules of its own
del source, module, builtins, types, exchange, with_exchange, serve_program, run_main, serve_suite, use_sleeping_loop, name
import gc
gc.collect()`)
  const [program, main, suite] = python.globals.get('roles').toJs({ depth: 1 })
  return { program, main, suite }
}
