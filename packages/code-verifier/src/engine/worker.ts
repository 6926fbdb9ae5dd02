import { MessageChannel, Worker } from 'node:worker_threads'
import { reasonOf } from '@posttrain/core'
import { conversation } from './conversation.js'
import type { Interpreter, Said } from './interpreter.js'

/**
 * An interpreter in a worker thread without environment.
 *
 * @param what for messages
 * @param file of our runtime
 * @param data what the file reads of `workerData`
 * @throws PosttrainError `machine-failed` where it does not start
 */
export function startWorker(what: string, file: URL, data: object): Promise<Interpreter> {
  const { port1, port2 } = new MessageChannel()
  const arrived = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(file, {
    env: {},
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    workerData: { ...data, port: port2, arrived },
    transferList: [port2],
  })
  const { heard, ready } = conversation(what, {
    send(text) {
      port1.postMessage(text)
      Atomics.add(arrived, 0, 1)
      Atomics.notify(arrived, 0)
    },
    destroy() {
      port1.close()
      void worker.terminate()
    },
    hold(waits) {
      for (const end of [worker, port1]) {
        if (waits) end.ref()
        else end.unref()
      }
    },
  })
  port1.on('message', (said: Said) => heard(said))
  // What is thrown in a worker need not be an error.
  worker.on('error', (error: unknown) =>
    heard({ kind: 'died', cause: 'error', message: reasonOf(error).slice(0, 300) }),
  )
  worker.on('exit', () => heard({ kind: 'died', cause: 'exit', message: 'the program ended its interpreter' }))
  return ready
}
