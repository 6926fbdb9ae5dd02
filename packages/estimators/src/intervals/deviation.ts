import { clusterSums, varianceOfMean } from './moments.js'
import type { AnalyticOptions } from './student.js'

/**
 * The standard deviation over tasks, σ = √(T · variance of the mean over T tasks), for `requiredTasks`. Without
 * clusters and weights it is that of the values; with them it is that of independent tasks alike that would leave the
 * mean as uncertain as it is.
 *
 * @param values (tasks), at least two
 * @param options clusters and weights of the tasks
 * @returns in the unit of the values
 * @throws PosttrainError `invalid-argument` as `bootstrapInterval`
 * @example
 * ```ts
 * deviationOverTasks([0, 1, 1, 0]) // => 0.5774
 * deviationOverTasks([0, 0, 1, 1], { clusters: ['a', 'a', 'b', 'b'] }) // => 1
 * ```
 */
export function deviationOverTasks(
  values: ArrayLike<number>,
  { clusters, weights }: Pick<AnalyticOptions, 'clusters' | 'weights'> = {},
): number {
  const data = clusterSums(values, clusters, weights)
  return Math.sqrt(data.tasks * varianceOfMean(data).variance)
}
