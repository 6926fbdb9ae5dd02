import { fileURLToPath } from 'node:url'
import type { Limits } from '../limits.js'
import type { Engine } from './interpreter.js'
import { nodeProcess, packageFolder } from './node-process.js'
import { STARTING, startProcess } from './process.js'
import { startWorker } from './worker.js'

const RUNTIME = new URL('../../runtime/', import.meta.url)
const SOURCES = fileURLToPath(new URL('javascript', RUNTIME))

/** What the interpreter is made of: its loader, its WebAssembly, and types that both name at run time. */
const PACKAGES = ['quickjs-emscripten-core', '@jitl/quickjs-wasmfile-release-sync', '@jitl/quickjs-ffi-types']

/** JavaScript in a worker thread. */
export function quickjsWorkers({ memory, output }: Limits): Engine {
  const data = { sources: SOURCES, memory, output }
  return { start: () => startWorker('JavaScript', new URL('quickjs-worker.mjs', RUNTIME), data) }
}

/** What Node needs beside a program's memory, in bytes. */
const OVERHEAD = 200 * 2 ** 20

/**
 * JavaScript in a process of its own.
 *
 * @param around what to start it with
 */
export function quickjsProcesses({ seconds, memory, output }: Limits, around: readonly string[]): Engine {
  const command = nodeProcess(around, PACKAGES.map(packageFolder))
  const settings = { language: 'javascript', sources: SOURCES, memory, output }
  return {
    start: () =>
      startProcess('JavaScript', command, { memory: memory + OVERHEAD, processor: seconds + STARTING }, (child) => {
        child.stdin?.write(`${JSON.stringify(settings)}\n`)
      }),
  }
}
