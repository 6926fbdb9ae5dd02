/** Thrown inside this package where a value is out of the limits or cannot be represented; it becomes `cannot-tell`. */
export class Undecided extends Error {
  override name = 'Undecided'
}

/** Thrown where an expression has no value, such as 1/0: it differs from all that have one. */
export class NoValue extends Undecided {
  override name = 'NoValue'
}

/** The limits of the work on one answer, counted and not timed. */
export const limits = {
  /** Characters of an answer. */
  characters: 10_000,
  /** Depth of an expression. */
  depth: 400,
  /** Terms of an expanded sum. */
  terms: 2_000,
  /** Bits of an exact integer. */
  bits: 40_000,
  /** Terms of a finite sum that is written with Σ. */
  summands: 1_000,
  /** Atoms of an expression. */
  atoms: 1_000,
  /** Steps of work on one comparison, or on one key. */
  work: 200_000,
  /** The largest argument whose factorial is multiplied out. */
  factorial: 1_000,
} as const

/** An upper bound of the number of bits of |n|, less than 4 above it. */
export function bitLength(n: bigint): number {
  const size = n < 0n ? -n : n
  if (size < 0x1_0000_0000n) return 32 - Math.clz32(Number(size))
  return size.toString(16).length * 4
}

/** What is left of the allowance; undefined where nothing is bounded. Work is synchronous, so that one is enough. */
let left: number | undefined

/** Runs with one allowance of steps; within a bounded run it shares that run's allowance. */
export function bounded<Result>(run: () => Result): Result {
  if (left !== undefined) return run()
  left = limits.work
  try {
    return run()
  } finally {
    left = undefined
  }
}

/** Counts steps of work. @throws Undecided where the allowance is spent. */
export function spend(steps: number): void {
  if (left === undefined) return
  left -= steps
  if (left < 0) throw new Undecided('it takes too much work')
}
