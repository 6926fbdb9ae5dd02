import { invalidArgument } from '@posttrain/core'
import type { Interval } from '@posttrain/core'
import { studentQuantile } from '../special/beta.js'
import { clusterSums, requireLevel, squaredResiduals } from './moments.js'
import type { AnalyticOptions } from './student.js'

/** Variance of Jeffreys' prior for a rate, Beta(½, ½): the spread of the one task that is added to those seen. */
const PRIOR_VARIANCE = 1 / 8

/**
 * The default interval for a mean over tasks of values from 0 to 1: Wilson's score interval with an effective number of
 * tasks.
 *
 * The mean m of n values of variance v is as certain as a proportion m of nₑ = m(1−m)/(v/n) trials. The interval is
 * Wilson's for that proportion, with a t quantile. It stays within [0, 1] and leans towards ½, as a skewed mean should.
 * One task of variance 1/8 is added to v, which is at most m(1−m): fifty tasks that all failed give [0, 0.07] and not
 * [0, 0]. Coverage: docs/coverage.md.
 *
 * @param values (tasks), from 0 to 1, at least two
 * @returns within [0, 1]
 * @throws PosttrainError `invalid-argument` for values outside [0, 1] and as `bootstrapInterval`
 * @example
 * ```ts
 * scoreInterval([0, 0, 0.25, 0, 0.5]).upper // => 0.629
 * ```
 */
export function scoreInterval(values: ArrayLike<number>, options: AnalyticOptions = {}): Interval {
  const { level = 0.95, clusters } = options
  requireLevel(level)
  const data = clusterSums(values, clusters)
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < 0 || values[i]! > 1) {
      throw invalidArgument(
        `the score interval is for values from 0 to 1, but values[${i}] is ${values[i]}`,
        "rescale the values, or choose the method 'bca' or 'student-t'",
      )
    }
  }
  const groups = data.sums.length
  const perCluster = data.tasks / groups
  const m = Math.min(1, Math.max(0, data.mean))
  const spread = m * (1 - m)
  const variance = squaredResiduals(data) / perCluster ** 2 + PRIOR_VARIANCE
  // A task of any kind says at least as much as one trial.
  const effective = Math.max(groups, ((groups - 1) * groups * spread) / variance)
  const t2 = studentQuantile((1 + level) / 2, groups - 1) ** 2 / effective
  const centre = (m + t2 / 2) / (1 + t2)
  const reach = Math.sqrt(t2 * (spread + t2 / 4)) / (1 + t2)
  return { lower: Math.max(0, centre - reach), upper: Math.min(1, centre + reach), level, method: 'score' }
}
