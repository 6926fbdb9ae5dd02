// Entry of a worker thread: runs systems one after the other as it is told, each to its end or to a stop.
import { parentPort, workerData } from 'node:worker_threads'
import { PosttrainError } from '@posttrain/core'
import { RunFolder } from './run-folder.js'
import { runSystem } from './system.js'
import type { FromWorker, WorkerData } from './worker-messages.js'

const { config, path, stop } = workerData as WorkerData
const port = parentPort!
const send = (message: FromWorker): void => port.postMessage(message)
const shouldStop = (): boolean => Atomics.load(new Int32Array(stop), 0) !== 0

port.on('message', (system: string) => {
  runSystem(system, config, RunFolder.at(path), {
    shouldStop,
    onProgress: (progress) => send({ kind: 'progress', progress }),
  }).then(
    (complete) => send({ kind: 'done', system, complete }),
    (error: unknown) => {
      const { message, code, hint } = error instanceof PosttrainError ? error : { message: describe(error) }
      send({ kind: 'error', system, message, ...(code ? { code } : {}), ...(hint ? { hint } : {}) })
    },
  )
})

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
