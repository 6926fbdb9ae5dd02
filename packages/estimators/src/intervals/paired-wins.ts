import type { Interval } from '@posttrain/core'
import { meanInterval } from './mean-interval.js'
import type { IntervalOptions } from './mean-interval.js'
import { meanOverTasks } from './moments.js'
import { pairedDifferences } from './paired-difference.js'

/** How often one system does better than another on the same tasks. */
export interface PairedWins {
  /** Tasks on which b is better, worse, and equal up to rounding. */
  readonly better: number
  readonly worse: number
  readonly ties: number
  /** Share of tasks on which b is better and half of those on which both are equal. */
  readonly rate: number
  readonly interval: Interval
}

/**
 * The win rate of b over a on the same tasks: the share of tasks on which b is better, plus half of the ties, with an
 * interval over tasks. It counts how often and not how much; one half is no difference.
 *
 * @param a (tasks)
 * @param b (tasks), in the order of `a`
 * @param options how to make the interval; with weights the rate is of weighted tasks
 * @throws PosttrainError `invalid-argument` as `pairedDifference`
 * @example
 * ```ts
 * pairedWins([0, 0.5, 0.5, 1], [1, 1, 0.5, 0]).rate // => 0.625
 * ```
 */
export function pairedWins(a: ArrayLike<number>, b: ArrayLike<number>, options: IntervalOptions = {}): PairedWins {
  const differences = pairedDifferences(a, b)
  const wins = differences.map((difference) => (Math.sign(difference) + 1) / 2)
  const count = (win: number): number => wins.reduce((found, one) => found + Number(one === win), 0)
  return {
    better: count(1),
    worse: count(0),
    ties: count(0.5),
    rate: meanOverTasks(wins, options.weights),
    interval: meanInterval(wins, options),
  }
}
