// Entry of a worker thread: runs variants one after the other as it is told, each to its end or to a stop.
import { parentPort, workerData } from 'node:worker_threads'
import { PosttrainError } from '@posttrain/core'
import { createExperiment } from './experiment.js'
import { RunFolder } from './run-folder.js'
import { runVariant } from './run-variant.js'
import type { VariantControl } from './variant-progress.js'
import type { FromWorker, ToWorker, WorkerData } from './worker-messages.js'

const { config, path, lock } = workerData as WorkerData
const port = parentPort!
const send = (message: FromWorker): void => port.postMessage(message)
const experiment = createExperiment(config)
const stop = new AbortController()

port.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') {
    stop.abort()
    return
  }
  const { variant } = message
  const control: VariantControl = {
    signal: stop.signal,
    onProgress: (progress) => send({ kind: 'progress', progress }),
    onNotice: (notice) => send({ kind: 'notice', notice }),
  }
  runVariant(variant, experiment, RunFolder.held(path, config, lock), control).then(
    (complete) => send({ kind: 'done', variant, complete }),
    (error: unknown) => {
      const { message, code, hint } = error instanceof PosttrainError ? error : { message: describe(error) }
      send({ kind: 'error', variant, message, code, hint })
    },
  )
})

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
