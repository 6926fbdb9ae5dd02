import { invalidArgument, mean, requireFinite, requireInteger } from '@posttrain/core'
import type { Interval } from '@posttrain/core'
import { requireLevel } from '../intervals/moments.js'
import { fillWords, resamplingState } from '../intervals/resample.js'
import { passAtK } from '../pass-at-k.js'
import { leastSquares } from './least-squares.js'

/** A point of a pass@k curve. */
export interface CoveragePoint {
  readonly k: number
  /** pass@k averaged over tasks. */
  readonly coverage: number
}

/** coverage(k) ≈ exp(a·k^b). */
export interface CoverageLaw {
  readonly a: number
  readonly b: number
  /** Points that entered the fit. */
  readonly used: readonly CoveragePoint[]
  /** Points where log(−log coverage) does not exist because coverage is 0 or 1. */
  readonly dropped: readonly CoveragePoint[]
}

/**
 * The scaling law of coverage, exp(a·k^b) with a, b < 0.
 *
 * It is fitted by least squares of log(−log coverage) on log k (Brown et al. 2024, Large Language Monkeys,
 * https://arxiv.org/abs/2407.21787).
 *
 * @param points at least two with coverage strictly between 0 and 1 and different k
 * @returns a and b, with the points that entered and those that could not
 * @throws PosttrainError `invalid-argument` for fewer
 * @example
 * ```ts
 * const points = [1, 10, 100].map((k) => ({ k, coverage: Math.exp(-2 * k ** -0.3) }))
 * fitCoverageLaw(points).b // => -0.300000
 * ```
 */
export function fitCoverageLaw(points: readonly CoveragePoint[]): CoverageLaw {
  points.forEach(({ k, coverage }, i) => {
    requireFinite(`points[${i}].k`, k, { above: 0 })
    requireFinite(`points[${i}].coverage`, coverage, { min: 0, max: 1 })
  })
  const used = points.filter(({ coverage }) => coverage > 0 && coverage < 1)
  const dropped = points.filter(({ coverage }) => coverage === 0 || coverage === 1)
  if (new Set(used.map(({ k }) => k)).size < 2) {
    throw invalidArgument(
      `a coverage law needs two values of k with coverage strictly between 0 and 1, but there are ${used.length} such points`,
      'add smaller k where all tasks are solved, larger k where none is',
    )
  }
  const { slope, intercept } = leastSquares(
    used.map(({ k }) => Math.log(k)),
    used.map(({ coverage }) => Math.log(-Math.log(coverage))),
  )
  return { a: -Math.exp(intercept), b: slope, used, dropped }
}

/** The value of a coverage law at k: exp(a·k^b). */
export const coverageAt = ({ a, b }: Pick<CoverageLaw, 'a' | 'b'>, k: number): number => Math.exp(a * k ** b)

/** A value of a fitted law. */
export interface CoveragePrediction {
  readonly k: number
  readonly coverage: number
  readonly interval: Interval
  /** True beyond the k that were observed: the interval then holds only as far as the law itself does. */
  readonly extrapolated: boolean
}

/** A coverage law fitted to tasks, with its uncertainty over tasks. */
export interface FittedCoverageLaw extends CoverageLaw {
  readonly intervals: { readonly a: Interval; readonly b: Interval }
  /** The law's value at k, with its interval over tasks. */
  predict(k: number): CoveragePrediction
}

/** How to make the intervals of a fitted law. */
export interface CoverageLawOptions {
  /** Nominal coverage of the intervals, on (0, 1) (default 0.95). */
  readonly level?: number | undefined
  /** Resamples of the tasks, at least 100 (default 1,000). */
  readonly resamples?: number | undefined
  /** Default 0; the same seed gives the same intervals. */
  readonly seed?: number | undefined
}

/**
 * The coverage law of a benchmark, with intervals by resampling tasks.
 *
 * The points of one curve come from the same samples, so the residuals of the fit say nothing about its uncertainty.
 *
 * @param tasks n samples and c correct ones per task
 * @param ks values of k, none above the fewest samples of any task
 * @returns the law, intervals of its coefficients, and its predictions
 * @throws PosttrainError `invalid-argument` for k > n or a curve that no law fits
 * @example
 * ```ts
 * const tasks = [1, 3, 10, 40, 0].map((c) => ({ n: 100, c }))
 * coverageLaw(tasks, [1, 4, 16, 64]).predict(1000).extrapolated // => true
 * ```
 */
export function coverageLaw(
  tasks: readonly { readonly n: number; readonly c: number }[],
  ks: readonly number[],
  options: CoverageLawOptions = {},
): FittedCoverageLaw {
  const { level = 0.95, resamples = 1000, seed = 0 } = options
  requireLevel(level)
  requireInteger('resamples', resamples, { min: 100 })
  const values = tasks.map(({ n, c }) => ks.map((k) => passAtK(n, c, k)))
  const curve = (rows: readonly (readonly number[])[]): CoveragePoint[] =>
    ks.map((k, j) => ({ k, coverage: Math.min(1, mean(rows.map((row) => row[j]!))) }))
  const law = fitCoverageLaw(curve(values))
  const state = resamplingState(seed, 'coverage-law')
  const words = new Uint32Array(values.length)
  const resampled: { a: number; b: number }[] = []
  for (let r = 0; r < resamples; r++) {
    fillWords(state, words)
    const points = curve(Array.from(words, (word) => values[Math.floor((word * values.length) / 2 ** 32)]!))
    // A resample in which every task, or none, is solved has no law; it is left out, as such a curve would be.
    if (points.filter(({ coverage }) => coverage > 0 && coverage < 1).length >= 2)
      resampled.push(fitCoverageLaw(points))
  }
  const interval = (of: (fit: { a: number; b: number }) => number): Interval => {
    const sorted = resampled.map(of).sort((x, y) => x - y)
    const at = (p: number): number => sorted[Math.round(p * (sorted.length - 1))]!
    return { lower: at((1 - level) / 2), upper: at((1 + level) / 2), level, method: 'bootstrap-percentile' }
  }
  return {
    ...law,
    intervals: { a: interval(({ a }) => a), b: interval(({ b }) => b) },
    predict: (k) => ({
      k,
      coverage: coverageAt(law, k),
      interval: interval((fit) => coverageAt(fit, k)),
      extrapolated: k > Math.max(...ks) || k < Math.min(...ks),
    }),
  }
}
