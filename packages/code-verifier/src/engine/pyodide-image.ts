import { readFile } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { machineFailed } from '@posttrain/core'

/** What all interpreters of this process begin with, made once: the compiled module, memory with the library in it. */
export interface PyodideImage {
  readonly module: object
  readonly snapshot: Uint8Array
}

let image: Promise<PyodideImage> | undefined

/**
 * @param folder of the package pyodide
 * @throws PosttrainError `machine-failed` where Python does not start
 */
export function pyodideImage(folder: string): Promise<PyodideImage> {
  return (image ??= Promise.all([compiledModule(folder), librarySnapshot(folder)]).then(([module, snapshot]) => ({
    module,
    snapshot,
  })))
}

/** The part of the platform's WebAssembly used here. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<object> }

const compiledModule = async (folder: string): Promise<object> =>
  WebAssembly.compile(await readFile(`${folder}/pyodide.asm.wasm`))

function librarySnapshot(folder: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('../../runtime/pyodide-snapshot.mjs', import.meta.url), {
      env: {},
      argv: [],
      execArgv: [],
      stdout: true,
      stderr: true,
      workerData: { folder },
    })
    worker.on('message', (snapshot: Uint8Array) => {
      resolve(snapshot)
      void worker.terminate()
    })
    worker.on('error', ({ message }) => reject(machineFailed(`Python did not start: ${message}`)))
  })
}
