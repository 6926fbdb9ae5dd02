import { fileURLToPath } from 'node:url'
import type { Limits } from '../limits.js'
import type { Engine } from './interpreter.js'
import { nodeProcess, packageFolder } from './node-process.js'
import { STARTING, startProcess } from './process.js'
import { pyodideImage } from './pyodide-image.js'
import { startWorker } from './worker.js'

const RUNTIME = new URL('../../runtime/', import.meta.url)
const FOLDER = packageFolder('pyodide')
const SOURCES = fileURLToPath(new URL('python', RUNTIME))

/** Python in a worker thread. */
export function pyodideWorkers({ memory, output }: Limits): Engine {
  return {
    async start() {
      const data = { folder: FOLDER, sources: SOURCES, memory, output, ...(await pyodideImage(FOLDER)) }
      return startWorker('Python', new URL('pyodide-worker.mjs', RUNTIME), data)
    },
  }
}

/** What Node and Pyodide need beside a program's memory, in bytes. */
const OVERHEAD = 400 * 2 ** 20

/**
 * Python in a process of its own.
 *
 * @param around what to start it with
 */
export function pyodideProcesses({ seconds, memory, output }: Limits, around: readonly string[]): Engine {
  const command = nodeProcess(around, [FOLDER])
  return {
    async start() {
      const { snapshot } = await pyodideImage(FOLDER)
      const settings = { language: 'python', folder: FOLDER, sources: SOURCES, memory, output }
      return startProcess('Python', command, { memory: memory + OVERHEAD, processor: seconds + STARTING }, (child) => {
        child.stdin?.write(`${JSON.stringify({ ...settings, snapshot: snapshot.length })}\n`)
        const [, , , bytes] = child.stdio
        if (bytes && 'end' in bytes) bytes.end(snapshot)
      })
    },
  }
}
