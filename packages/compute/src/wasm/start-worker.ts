import { unsupported } from '@posttrain/core'
import { workerSource } from './worker-source.js'

/** What a worker starts from. */
export interface WorkerStart {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** Address of the block that jobs are written to. */
  readonly address: number
  /** From 1 on; the thread that calls kernels has number 0. */
  readonly index: number
}

/** A thread that has been started. */
export interface WorkerThread {
  /** Resolves once the thread takes work; rejects if it cannot. */
  readonly ready: Promise<void>
  terminate(): void
}

/** The part of Node's `worker_threads` that is used here; this package compiles without the types of Node. */
interface NodeWorkers {
  readonly Worker: new (source: string, options: object) => NodeWorker
}

interface NodeWorker {
  once(event: 'error', listener: (error: Error) => void): void
  once(event: 'message' | 'exit', listener: () => void): void
  unref(): void
  terminate(): Promise<number>
}

interface MaybeNode {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown }
}

const cannotStart = (reason: string): Error =>
  unsupported(`a worker thread of the wasm device cannot start: ${reason}`, 'create the device with one thread')

function startInNode({ Worker }: NodeWorkers, start: WorkerStart, onEnd: (reason: string) => void): WorkerThread {
  const worker = new Worker(workerSource, { eval: true, workerData: start, execArgv: [] })
  const ready = new Promise<void>((resolve, reject) => {
    worker.once('message', () => {
      worker.unref() // a program may end without disposing its devices
      resolve()
    })
    worker.once('error', (error) => {
      reject(cannotStart(error.message))
      onEnd(error.message)
    })
    worker.once('exit', () => {
      reject(cannotStart('it ended'))
      onEnd('a worker thread ended')
    })
  })
  return { ready, terminate: () => void worker.terminate() }
}

function startInBrowser(start: WorkerStart, onEnd: (reason: string) => void): WorkerThread {
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }))
  const worker = new Worker(url)
  const ready = new Promise<void>((resolve, reject) => {
    worker.onmessage = () => {
      URL.revokeObjectURL(url)
      resolve()
    }
    worker.onerror = ({ message }) => {
      reject(cannotStart(message))
      onEnd(message)
    }
  })
  worker.postMessage(start)
  return { ready, terminate: () => worker.terminate() }
}

/**
 * Starts a worker thread, in Node or in a browser.
 *
 * @param onEnd called when the thread ends, with the reason
 * @throws PosttrainError `unsupported` if there are no worker threads or no shared memory
 */
export function startWorker(start: WorkerStart, onEnd: (reason: string) => void): WorkerThread {
  const node = (globalThis as MaybeNode).process?.getBuiltinModule?.('node:worker_threads')
  if (node !== undefined) return startInNode(node as NodeWorkers, start, onEnd)
  if (typeof Worker === 'undefined') throw cannotStart('this engine has none')
  if (!globalThis.crossOriginIsolated) {
    throw unsupported(
      'this page may not share memory between threads',
      'serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, ' +
        'or use one thread',
    )
  }
  return startInBrowser(start, onEnd)
}
