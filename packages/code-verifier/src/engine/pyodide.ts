import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { machineFailed } from '@posttrain/core'
import type { Limits } from '../limits.js'
import type { Engine } from './interpreter.js'
import { startWorker } from './worker.js'

const RUNTIME = new URL('../../runtime/', import.meta.url)

/** Folder of the package pyodide. */
const FOLDER = dirname(createRequire(import.meta.url).resolve('pyodide'))

/** Python in a worker thread. */
export function pyodideWorkers({ memory, output }: Limits): Engine {
  const sources = fileURLToPath(new URL('python', RUNTIME))
  return {
    async start() {
      const data = { folder: FOLDER, sources, memory, output, ...(await pyodideImage()) }
      return startWorker('Python', new URL('pyodide-worker.mjs', RUNTIME), data)
    },
  }
}

/** What all interpreters of this process begin with, made once: the compiled module, memory with the library in it. */
interface Image {
  readonly module: object
  readonly snapshot: Uint8Array
}

let image: Promise<Image> | undefined

function pyodideImage(): Promise<Image> {
  return (image ??= Promise.all([compiledModule(), librarySnapshot()]).then(([module, snapshot]) => ({
    module,
    snapshot,
  })))
}

/** The part of the platform's WebAssembly used here. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<object> }

const compiledModule = async (): Promise<object> => WebAssembly.compile(await readFile(`${FOLDER}/pyodide.asm.wasm`))

function librarySnapshot(): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('pyodide-snapshot.mjs', RUNTIME), {
      env: {},
      argv: [],
      execArgv: [],
      stdout: true,
      stderr: true,
      workerData: { folder: FOLDER },
    })
    worker.on('message', (snapshot: Uint8Array) => {
      resolve(snapshot)
      void worker.terminate()
    })
    worker.on('error', (error) => reject(machineFailed(`Python did not start: ${error.message}`)))
  })
}
