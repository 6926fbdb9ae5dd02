import type { Interval } from '@posttrain/core'
import { studentQuantile } from '../special/beta.js'
import { clusterSums, requireLevel, squaredResiduals } from './moments.js'
import type { Clusters, Weights } from './moments.js'

/** Options of the analytic intervals. */
export interface AnalyticOptions {
  /** Nominal coverage, on (0, 1) (default 0.95). */
  readonly level?: number | undefined
  /** (tasks): the cluster of each; tasks of one cluster may depend on each other in any way. */
  readonly clusters?: Clusters | undefined
  /** (tasks): how much each counts, for the weighted mean Σwv/Σw (default: all alike). */
  readonly weights?: Weights | undefined
}

/**
 * The analytic interval for the mean over tasks: mean ± t·SE with G − 1 degrees of freedom, where
 * SE² = G/(G−1) · Σ over the G clusters of (sum − size·mean)² / tasks². Without clusters that is the usual s/√n.
 *
 * It is made for values of any range. For a success rate near 0 or 1 it covers too little (see docs/coverage.md), and
 * `scoreInterval` does not.
 *
 * @param values (tasks), at least two
 * @returns in the unit of the values
 * @throws PosttrainError `invalid-argument` as `bootstrapInterval`
 * @example
 * ```ts
 * studentInterval([1, 2, 3]).upper // => 4.484
 * ```
 */
export function studentInterval(values: ArrayLike<number>, options: AnalyticOptions = {}): Interval {
  const { level = 0.95, clusters, weights } = options
  requireLevel(level)
  const data = clusterSums(values, clusters, weights)
  const groups = data.sums.length
  const error = Math.sqrt((groups / (groups - 1)) * squaredResiduals(data)) / data.tasks
  const reach = studentQuantile((1 + level) / 2, groups - 1) * error
  return { lower: data.mean - reach, upper: data.mean + reach, level, method: 'student-t' }
}
