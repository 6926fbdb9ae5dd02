import { sum } from '@posttrain/core'

/** Σₜ (log πₜ − log π′ₜ): the log-ratio of two policies' probabilities of a whole sequence. */
export const sequenceLogRatio = (logprob: ArrayLike<number>, other: ArrayLike<number>): number =>
  sum(Float64Array.from(logprob, (x, t) => x - other[t]!))
