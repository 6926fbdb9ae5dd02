import { job, MAX_PARTS } from './job.js'

/**
 * Looks for a job before a thread sleeps, some fifty microseconds: to wake it takes longer, and jobs follow each other
 * closely. With a tenth of this, decoding on two threads was as slow as on one whenever the machine was busy.
 */
const LOOKS = 20_000

/**
 * The program of a worker thread, as text: a bundle needs no second file, and browsers and Node run the same program.
 * It instantiates the kernels on the shared memory and takes part after part, until the device is disposed.
 */
export const workerSource: string = `'use strict'
function serve({ module, memory, address, index }, ready) {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  const state = new Int32Array(memory.buffer, address, ${job.numbers / 4})
  const numbers = new Float64Array(memory.buffer, address + ${job.numbers}, ${job.room})
  const kernels = Object.values(exports)
  ready()
  for (;;) {
    let word = Atomics.load(state, ${job.word})
    for (let i = 0; i < ${LOOKS} && (word & ${MAX_PARTS}) === 0; i++) word = Atomics.load(state, ${job.word})
    if (word < 0) return
    if ((word & ${MAX_PARTS}) === 0) {
      Atomics.add(state, ${job.sleeping}, 1)
      Atomics.wait(state, ${job.word}, word)
      Atomics.sub(state, ${job.sleeping}, 1)
      continue
    }
    // Read before the part is taken: if another job is being written meanwhile, the exchange fails.
    const [kernel, total, size, scratch, scratchSize, count, ...args] = numbers
    if (Atomics.compareExchange(state, ${job.word}, word, word - 1) !== word) continue
    const from = ((word & ${MAX_PARTS}) - 1) * size
    try {
      kernels[kernel](from, Math.min(total, from + size), ...args.slice(0, count), scratch + index * scratchSize)
    } catch {
      Atomics.store(state, ${job.failed}, 1)
    }
    Atomics.add(state, ${job.finished}, 1)
  }
}
if (typeof require === 'function') {
  const { parentPort, workerData } = require('node:worker_threads')
  serve(workerData, () => parentPort.postMessage('ready'))
} else {
  onmessage = ({ data }) => {
    serve(data, () => postMessage('ready'))
    close()
  }
}
`
