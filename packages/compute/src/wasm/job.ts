/**
 * What the threads of a device tell each other, in a block of the memory they share: sixteen integers, then numbers.
 *
 * `word` is the key. Its lowest eight bits count the parts of the job that no thread has taken yet; the other bits
 * are the number of the job. A thread that lowers it by one, with an atomic compare-and-exchange, has taken the
 * highest part that was left. A thread that still looks at an older job finds another number there, and takes
 * nothing.
 */
export const job = {
  /** Negative: the threads end. */
  word: 0,
  /** Parts that are done. */
  finished: 1,
  /** Set by a thread whose kernel failed. */
  failed: 2,
  /** Threads that sleep and have to be woken. */
  sleeping: 3,
  /**
   * Byte offset of the numbers: the kernel, its total, the size of a part, the address and the size of a thread's
   * scratch memory, how many arguments the kernel has, and these.
   */
  numbers: 64,
  /** Most numbers. */
  room: 24,
  /** Bytes of the block. */
  bytes: 256,
} as const

/** Most parts of a job. */
export const MAX_PARTS = 255

/** Numbers of jobs are below this; after the last, 0 comes again. */
export const JOB_NUMBERS: number = 2 ** 22
