import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { callCallerNow, machineFailed, PosttrainError, type AbortSignalLike } from '@posttrain/core'
import type { Experiment } from './experiment.js'
import type { RunFolder } from './run-folder.js'
import type { VariantControl } from './variant-progress.js'
import type { FromWorker, ToWorker, WorkerData } from './worker-messages.js'

/** Under a TypeScript loader the sources run; after a build, the JavaScript beside this file. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

/** What is told of all variants. */
export type VariantsControl = Omit<VariantControl, 'signal'> & {
  /** Stops all of them; each saves what it has. */
  readonly signal: AbortSignalLike | undefined
}

/**
 * Runs the variants of an experiment on worker threads, one thread per core, the first variants first.
 *
 * @returns whether all are complete; false after a stop
 * @throws PosttrainError what a variant ended with, `machine-failed` for a thread that died; the others are stopped,
 *   and save, before
 */
export async function runVariants(
  { variants }: Experiment,
  { config, path, lock }: RunFolder,
  control: VariantsControl,
): Promise<boolean> {
  const { signal } = control
  const workers = new Set<Worker>()
  let stopped = false
  const stop = (): void => {
    stopped = true
    for (const worker of workers) tell(worker, { kind: 'stop' })
  }
  signal?.addEventListener('abort', stop)
  if (signal?.aborted) stop()

  const queue = variants.map(({ name }) => name)
  let complete = true
  const work = async (): Promise<void> => {
    const worker = new Worker(WORKER, { workerData: { config, path, lock } satisfies WorkerData })
    workers.add(worker)
    try {
      for (let variant = queue.shift(); variant !== undefined && !stopped; variant = queue.shift()) {
        complete = (await runOn(worker, variant, control)) && complete
      }
    } catch (error) {
      stop()
      throw error
    } finally {
      workers.delete(worker)
      await worker.terminate()
    }
  }
  try {
    const threads = Math.min(variants.length, availableParallelism())
    const ended = await Promise.allSettled(Array.from({ length: threads }, work))
    const failed = ended.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  } finally {
    signal?.removeEventListener('abort', stop)
  }
  return complete && !stopped
}

const tell = (worker: Worker, message: ToWorker): void => worker.postMessage(message)

/** Has one variant run on a worker. */
function runOn(worker: Worker, variant: string, { onProgress, onNotice }: VariantsControl): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', receive)
      worker.off('error', crash)
      worker.off('exit', exit)
      act()
    }
    const crash = (error: Error): void => settle(() => reject(crashed(variant, error)))
    const exit = (): void => settle(() => reject(died(variant, 'it was ended from outside')))
    // Nobody waits for what a listener throws: the variant is stopped, and saves, and then ends with it.
    let failure: Error | undefined
    const tellOf = (name: string, call: () => void): void => {
      try {
        if (failure === undefined) callCallerNow(name, `on ${variant}`, call)
      } catch (error) {
        failure = error as PosttrainError
        tell(worker, { kind: 'stop' })
      }
    }
    const receive = (message: FromWorker): void => {
      if (message.kind === 'progress') tellOf('onProgress', () => onProgress(message.progress))
      else if (message.kind === 'notice') tellOf('onNotice', () => onNotice(message.notice))
      else if (failure) settle(() => reject(failure!))
      else if (message.kind === 'done') settle(() => resolve(message.complete))
      else {
        const { code, hint, message: text } = message
        settle(() => reject(code ? new PosttrainError(code, text, hint) : new Error(`${variant}: ${text}`)))
      }
    }
    worker.on('message', receive)
    worker.on('error', crash)
    worker.on('exit', exit)
    tell(worker, { kind: 'run', variant })
  })
}

/** Node ends a thread that has no memory left, or cannot be started; anything else is a defect of ours. */
function crashed(variant: string, error: Error & { readonly code?: unknown }): Error {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return died(variant, 'no memory is left')
  if (error.code === 'ERR_WORKER_INIT_FAILED') return died(variant, 'the system starts no more threads')
  return error
}

const died = (variant: string, why: string): PosttrainError =>
  machineFailed(`the thread of ${variant} died: ${why}`, 'what was saved is kept: continue with --resume')
