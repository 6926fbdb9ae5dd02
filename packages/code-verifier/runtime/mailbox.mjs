import { receiveMessageOnPort } from 'node:worker_threads'

/**
 * Texts to and from a worker thread that waits for them without returning to its event loop: an interpreter in the
 * middle of a call cannot.
 *
 * @param {{ port: import('node:worker_threads').MessagePort, arrived: Int32Array }} data `arrived` counts what was sent
 */
export function openMailbox({ port, arrived }) {
  const receive = () => {
    for (;;) {
      const seen = Atomics.load(arrived, 0)
      const received = receiveMessageOnPort(port)
      if (received) return received.message
      Atomics.wait(arrived, 0, seen)
    }
  }
  return { send: (said) => port.postMessage(said), receive }
}
