import { createStream, invalidArgument, requireFinite, requireInteger } from '@posttrain/core'

/**
 * Batches with retained items mixed in, so that what they teach is not forgotten. A batch of b items gets b·share/(1 −
 * share) more, rounded up or down at random so that the mean is exact, drawn with replacement. A pure function of the
 * step, if `batch` is one.
 *
 * @param batch the batches to mix into, for instance `shuffledBatches(items, 30, 1)`
 * @throws PosttrainError `invalid-argument` for no retained items or a share outside [0, 1)
 * @example
 * ```ts
 * const batch = replay(() => ['new', 'new', 'new'], { retained: ['old'], share: 0.25, seed: 1 })
 * batch(0) // => ['new', 'new', 'new', 'old']
 * ```
 */
export function replay<T>(
  batch: (step: number) => readonly T[],
  {
    retained,
    share,
    seed,
  }: {
    /** Items of what is not to be forgotten, of the kind of the batch's. */
    readonly retained: readonly T[]
    /** Share of retained items in a mixed batch, on average; from 0 to below 1. */
    readonly share: number
    readonly seed: number
  },
): (step: number) => readonly T[] {
  if (retained.length === 0) throw invalidArgument('retained is empty')
  requireFinite('share', share, { min: 0 })
  if (share >= 1) throw invalidArgument(`share must be below 1, but is ${share}`, 'train on the retained items alone')
  requireInteger('seed', seed)
  return (step) => {
    const items = batch(step)
    const stream = createStream(seed, 'replay', step)
    const wanted = (items.length * share) / (1 - share)
    // Rounding errors of the division must not make a whole number a coin toss.
    const whole = Math.floor(wanted + 1e-9)
    const count = whole + (stream.uniform() < wanted - whole ? 1 : 0)
    return [...items, ...Array.from({ length: count }, () => retained[stream.integer(retained.length)]!)]
  }
}
