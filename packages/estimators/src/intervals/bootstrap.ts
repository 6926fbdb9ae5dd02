import { requireInteger, requireOneOf } from '@posttrain/core'
import type { Interval } from '@posttrain/core'
import { normalCdf, normalQuantile } from '../special/normal.js'
import { clusterSums, requireLevel } from './moments.js'
import type { Clusters, ClusterSums, Weights } from './moments.js'
import { resampledMeans } from './resample.js'

/** How to resample tasks. */
export interface BootstrapOptions {
  /** Nominal coverage, on (0, 1) (default 0.95). */
  readonly level?: number | undefined
  /** Number of resamples, at least 100 (default 10,000). */
  readonly resamples?: number | undefined
  /** Default 0; the same seed gives the same interval. */
  readonly seed?: number | undefined
  /** `percentile`, or bias-corrected and accelerated `bca` (default). */
  readonly method?: 'percentile' | 'bca' | undefined
  /** (tasks): the cluster of each; whole clusters are resampled. */
  readonly clusters?: Clusters | undefined
  /** (tasks): how much each counts, for the weighted mean Σwv/Σw (default: all alike). */
  readonly weights?: Weights | undefined
}

/**
 * A confidence interval for the mean over tasks, by resampling tasks.
 *
 * Percentile: the (1±level)/2 quantiles of the means of resamples. BCa moves the two quantiles for bias and skewness
 * (Efron 1987, https://doi.org/10.1080/01621459.1987.10478410).
 *
 * @param values (tasks), at least two
 * @returns in the unit of the values
 * @throws PosttrainError `invalid-argument` for fewer than two values or clusters, or values that are not finite
 * @example
 * ```ts
 * bootstrapInterval([0, 1, 1, 0, 1, 1], { seed: 1 }).level // => 0.95
 * ```
 */
export function bootstrapInterval(values: ArrayLike<number>, options: BootstrapOptions = {}): Interval {
  const { level = 0.95, resamples = 10_000, seed = 0, method = 'bca', clusters, weights } = options
  requireLevel(level)
  requireOneOf('method', method, ['percentile', 'bca'])
  requireInteger('resamples', resamples, { min: 100 })
  const sums = clusterSums(values, clusters, weights)
  const means = resampledMeans(sums, resamples, seed)
  const tails: [number, number] = [(1 - level) / 2, (1 + level) / 2]
  const [lower, upper] = method === 'percentile' ? tails : acceleratedLevels(sums, means, tails)
  return { lower: quantile(means, lower), upper: quantile(means, upper), level, method: `bootstrap-${method}` }
}

/** Where BCa reads the bootstrap distribution instead of at the nominal tails. */
function acceleratedLevels(data: ClusterSums, means: Float64Array, tails: [number, number]): [number, number] {
  const { sums, sizes, tasks, mean } = data
  let squares = 0
  let cubes = 0
  sums.forEach((sum, g) => {
    const residual = sum - sizes[g]! * mean // influence of the cluster, up to a factor
    squares += residual ** 2
    cubes += residual ** 3
  })
  if (squares === 0) return tails
  const acceleration = cubes / (6 * squares ** 1.5)
  // Resamples that hit the mean itself count half; sums in another order miss it by a rounding error.
  const slack = (1e-9 * Math.sqrt(squares)) / tasks
  let below = 0
  for (const resampled of means) below += Math.abs(resampled - mean) <= slack ? 0.5 : resampled < mean ? 1 : 0
  const bias = normalQuantile(below / means.length)
  if (!Number.isFinite(bias)) return tails
  const moved = (tail: number): number => {
    const z = bias + normalQuantile(tail)
    return normalCdf(bias + z / (1 - acceleration * z))
  }
  return [moved(tails[0]), moved(tails[1])]
}

/** Linear interpolation between order statistics (type 7 of Hyndman and Fan). */
function quantile(sorted: Float64Array, p: number): number {
  const position = p * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (position - below) * (high - low)
}
