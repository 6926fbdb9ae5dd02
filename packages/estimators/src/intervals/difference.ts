import type { Interval } from '@posttrain/core'
import type { DifferenceVerdict } from './verdict.js'

/**
 * How a p-value was found: by all signs of the differences; bounded by random signs; by the binomial distribution; or
 * as 1 − the level at which the interval would just reach no difference.
 */
export type PValueMethod = 'exact' | 'monte-carlo' | 'binomial' | 'interval'

/** How much better one thing is than another. */
export interface Difference {
  /** Of the means over tasks, in the unit of the values. */
  readonly difference: number
  readonly interval: Interval
  /** Two-sided. */
  readonly pValue: number
  readonly pValueMethod: PValueMethod
  /** Whether b is better or worse: only where the interval and the test both say so. */
  readonly verdict: DifferenceVerdict
  /** All tasks that entered. */
  readonly tasks: number
}
