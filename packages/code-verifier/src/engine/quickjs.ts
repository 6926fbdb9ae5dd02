import { fileURLToPath } from 'node:url'
import type { Limits } from '../limits.js'
import type { Engine } from './interpreter.js'
import { startWorker } from './worker.js'

const RUNTIME = new URL('../../runtime/', import.meta.url)

/** JavaScript in a worker thread. */
export function quickjsWorkers({ memory, output }: Limits): Engine {
  const sources = fileURLToPath(new URL('javascript', RUNTIME))
  return { start: () => startWorker('JavaScript', new URL('quickjs-worker.mjs', RUNTIME), { sources, memory, output }) }
}
