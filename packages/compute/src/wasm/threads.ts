import { unsupported } from '@posttrain/core'
import { align } from './align.js'
import type { Instance } from './instantiate.js'
import { job, JOB_NUMBERS, MAX_PARTS } from './job.js'
import { startWorker, type WorkerThread } from './start-worker.js'
import { type DoWork, type Work, workAlone } from './work.js'

/** Parts per thread: if a thread is held up, the others take its share. */
const PARTS_PER_THREAD = 4

/** Which work is shared, and how long the calling thread waits for it. */
export interface ThreadLimits {
  /** Work of fewer multiplications and additions stays on the calling thread: sharing it takes microseconds. */
  readonly leastWork: number
  /** Milliseconds to wait for a part that another thread has taken. */
  readonly patience: number
  /** Waits at least this many times as long as the calling thread's own parts took. */
  readonly patienceTimes: number
}

const LIMITS: ThreadLimits = { leastWork: 128 ** 3, patience: 20_000, patienceTimes: 100 }

/** Looks at the other threads between two looks at the clock. */
const LOOKS_PER_CLOCK = 50_000

/** Worker threads that share the memory of a device. */
export interface Threads {
  readonly run: DoWork
  /** Ends the threads. */
  readonly dispose: () => void
}

/** Cuts work into parts; the size of a part is a multiple of the grain. */
function cutWork({ total, cost, grain = 1 }: Work, threads: number, least: number): { size: number; parts: number } {
  const wanted = total * cost < least ? 1 : threads * PARTS_PER_THREAD
  const size = Math.max(1, Math.ceil(total / wanted / grain)) * grain
  return { size, parts: Math.ceil(total / size) }
}

/**
 * Starts `count − 1` worker threads. Kernels are still called one after the other, from the thread that owns the
 * device. A job is cut into parts, and all threads take parts until none is left. The caller works too, and then
 * waits for the last part. It waits by looking again and again, because a browser's main thread must not sleep. It
 * takes every part that no other thread has taken: a thread that sleeps, or has ended, costs time but holds nothing
 * up.
 *
 * @throws PosttrainError `unsupported` if a thread cannot be started
 */
export async function startThreads(
  { exports, memory, module }: Instance,
  count: number,
  address: number,
  scratch: (bytes: number) => number,
  limits: ThreadLimits = LIMITS,
): Promise<Threads> {
  const state = new Int32Array(memory.buffer, address, job.numbers / 4)
  const numbers = new Float64Array(memory.buffer, address + job.numbers, job.room)
  const names = Object.keys(exports)
  const alone = workAlone(exports, scratch)
  const workers: WorkerThread[] = []
  let number = 0
  let failure: string | undefined

  const end = (): void => {
    Atomics.store(state, job.word, -1)
    Atomics.notify(state, job.word)
    for (const worker of workers) worker.terminate()
  }
  const fail = (reason: string): Error => {
    failure ??= reason
    return unsupported(`the threads of the wasm device have failed: ${failure}`, 'create the device again')
  }
  const onEnd = (reason: string): void => void fail(reason)

  const waitFor = (parts: number, since: number): void => {
    let clock = performance.now()
    // Time in which this thread, too, stood still does not count: a step of the clock counts as 100 ms at most.
    let patience = Math.max(limits.patience, limits.patienceTimes * (clock - since))
    for (let looks = 1; Atomics.load(state, job.finished) < parts; looks++) {
      if (looks % LOOKS_PER_CLOCK !== 0) continue
      const now = performance.now()
      patience -= Math.min(100, now - clock)
      clock = now
      if (patience < 0) throw fail('a worker thread took work and did not finish it')
    }
  }

  const run: DoWork = (kernel, work, args) => {
    if (failure !== undefined) throw fail(failure)
    const { size, parts } = cutWork(work, count, limits.leastWork)
    if (parts <= 1) {
      alone(kernel, work, args)
      return
    }
    const { total, scratchBytes = 0 } = work
    const since = performance.now()
    const share = align(scratchBytes)
    const room = scratchBytes > 0 ? scratch(count * share) : 0
    numbers.set([names.indexOf(kernel), total, size, room, share, args.length, ...args])
    Atomics.store(state, job.finished, 0)
    number = (number + 1) % JOB_NUMBERS
    let word = number * (MAX_PARTS + 1) + parts
    Atomics.store(state, job.word, word)
    if (Atomics.load(state, job.sleeping) > 0) Atomics.notify(state, job.word)
    for (;;) {
      word = Atomics.load(state, job.word)
      const left = word & MAX_PARTS
      if (left === 0) break
      if (Atomics.compareExchange(state, job.word, word, word - 1) !== word) continue
      const from = (left - 1) * size
      try {
        exports[kernel](from, Math.min(total, from + size), ...args, room)
      } catch (error) {
        throw fail(`${kernel} failed: ${String(error)}`)
      }
      Atomics.add(state, job.finished, 1)
    }
    waitFor(parts, since)
    if (Atomics.load(state, job.failed) !== 0) throw fail(`${kernel} failed on one of its threads`)
  }

  try {
    for (let index = 1; index < count; index++) workers.push(startWorker({ module, memory, address, index }, onEnd))
    await Promise.all(workers.map((worker) => worker.ready))
  } catch (error) {
    end()
    throw error
  }
  return { run, dispose: end }
}
