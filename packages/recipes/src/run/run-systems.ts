import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { PosttrainError, type AbortSignalLike } from '@posttrain/core'
import type { RunConfig } from './config.js'
import type { SystemProgress } from './system.js'
import type { FromWorker, WorkerData } from './worker-messages.js'

/** Under a TypeScript loader the sources run; after a build, the JavaScript beside this file. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

/**
 * Runs systems on worker threads, one thread per core, the first systems first.
 *
 * @returns whether all are complete; false after a stop, when each has saved what it had
 * @throws PosttrainError what a system ended with; the others are stopped, and save, before
 */
export async function runSystems(
  systems: readonly string[],
  config: RunConfig,
  path: string,
  onProgress: (progress: SystemProgress) => void,
  signal: AbortSignalLike | undefined,
): Promise<boolean> {
  const stop = new SharedArrayBuffer(4)
  const requestStop = (): void => void Atomics.store(new Int32Array(stop), 0, 1)
  signal?.addEventListener('abort', requestStop)
  if (signal?.aborted) requestStop()

  const queue = [...systems]
  let complete = true
  const work = async (): Promise<void> => {
    const worker = new Worker(WORKER, { workerData: { config, path, stop } satisfies WorkerData })
    try {
      for (let system = queue.shift(); system !== undefined; system = queue.shift()) {
        complete = (await runOn(worker, system, onProgress)) && complete
      }
    } catch (error) {
      requestStop()
      throw error
    } finally {
      await worker.terminate()
    }
  }
  try {
    const threads = Math.min(systems.length, availableParallelism())
    const ended = await Promise.allSettled(Array.from({ length: threads }, work))
    const failed = ended.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  } finally {
    signal?.removeEventListener('abort', requestStop)
  }
  return complete
}

/** Has one system run on a worker. */
function runOn(worker: Worker, system: string, onProgress: (progress: SystemProgress) => void): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', receive)
      worker.off('error', crash)
      act()
    }
    const crash = (error: Error): void => settle(() => reject(error))
    const receive = (message: FromWorker): void => {
      if (message.kind === 'progress') onProgress(message.progress)
      else if (message.kind === 'done') settle(() => resolve(message.complete))
      else {
        const { code, hint, message: text } = message
        settle(() => reject(code ? new PosttrainError(code, text, hint) : new Error(`${system}: ${text}`)))
      }
    }
    worker.on('message', receive)
    worker.on('error', crash)
    worker.postMessage(system)
  })
}
