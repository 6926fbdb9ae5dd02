import { invalidArgument } from '@posttrain/core'
import type { Interval } from '@posttrain/core'
import { studentQuantile } from '../special/beta.js'
import { clusterSums, requireLevel, varianceOfMean } from './moments.js'
import type { AnalyticOptions } from './student.js'

/** Where values can lie, and the spread of the one task that is added to those seen. */
interface ValueRange {
  readonly min: number
  readonly max: number
  readonly priorVariance: number
}

/** Rates; Jeffreys' prior for one is Beta(½, ½). */
const RATES: ValueRange = { min: 0, max: 1, priorVariance: 1 / 8 }

/** Differences of two rates, and the variance of one between two independent rates of that prior. */
const DIFFERENCES: ValueRange = { min: -1, max: 1, priorVariance: 1 / 4 }

/**
 * The default interval for a mean over tasks of values from 0 to 1: Wilson's score interval with an effective number of
 * tasks.
 *
 * The mean m of n values of variance v is as certain as a proportion m of nₑ = m(1−m)/(v/n) trials. The interval is
 * Wilson's for that proportion, with a t quantile. It stays within [0, 1] and leans towards ½, as a skewed mean should.
 * One task of variance 1/8 is added to v, which is at most m(1−m): fifty tasks that all failed give [0, 0.07] and not
 * [0, 0]. With clusters v/n is the variance of the mean of their sums, corrected for large ones (CR2). nₑ is then no
 * less than Kish's number (Σ size)²/Σ size², and t has as many degrees of freedom, less 1: so little do tasks say that
 * agree within each cluster. Coverage, with clusters too: docs/coverage.md.
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
  return boundedInterval(values, RATES, options)
}

/**
 * As `scoreInterval` for differences of values in [0, 1]: within [−1, 1], and never without width, since one task of
 * variance ¼ is added.
 */
export function differenceScoreInterval(differences: ArrayLike<number>, options: AnalyticOptions = {}): Interval {
  return boundedInterval(differences, DIFFERENCES, options)
}

function boundedInterval(values: ArrayLike<number>, range: ValueRange, options: AnalyticOptions): Interval {
  const { level = 0.95, clusters, weights } = options
  const { min, max, priorVariance } = range
  requireLevel(level)
  const data = clusterSums(values, clusters, weights)
  requireWithin(values, range)
  const { kish } = data
  const mean = Math.min(max, Math.max(min, data.mean))
  const spread = (mean - min) * (max - mean) // the variance of values at the two ends
  const { variance, degrees } = varianceOfMean(data)
  const withPrior = variance + priorVariance / (kish * (kish - 1))
  // Tasks of any kind say at least as much as trials whose clusters agree.
  const effective = Math.max(kish, spread / withPrior)
  const t2 = studentQuantile((1 + level) / 2, degrees) ** 2 / effective
  const centre = (mean + (t2 * (min + max)) / 2) / (1 + t2)
  const reach = Math.sqrt(t2 * (spread + (t2 * (max - min) ** 2) / 4)) / (1 + t2)
  return { lower: Math.max(min, centre - reach), upper: Math.min(max, centre + reach), level, method: 'score' }
}

function requireWithin(values: ArrayLike<number>, { min, max }: ValueRange): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i]! >= min && values[i]! <= max) continue
    throw invalidArgument(
      `the score interval is for values from ${min} to ${max}, but values[${i}] is ${values[i]}`,
      "rescale the values, or choose the method 'bca' or 'student-t'",
    )
  }
}
