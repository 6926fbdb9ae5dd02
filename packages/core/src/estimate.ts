import type { UnscoredPolicy } from './group.js'

/** A confidence interval, with the method that made it. */
export interface Interval {
  readonly lower: number
  readonly upper: number
  /** Nominal coverage, for instance 0.95. */
  readonly level: number
  readonly method: string
}

/** A number that may be reported: never without its n, its interval and what became of unscored samples. */
export interface Estimate {
  readonly name: string
  readonly value: number
  readonly interval: Interval
  /** Tasks the value is a mean over. */
  readonly tasks: number
  /** Fewest and most samples per task that entered. */
  readonly samplesPerTask: { readonly min: number; readonly max: number }
  /** Samples that had no score, whatever became of them. */
  readonly unscored: number
  /** What became of them. */
  readonly unscoredPolicy: UnscoredPolicy
}
