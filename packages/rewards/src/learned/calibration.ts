import {
  invalidArgument,
  mean,
  requireFinite,
  requireInteger,
  requireLength,
  requireOneOf,
  sum,
  type Interval,
} from '@posttrain/core'
import { scoreInterval } from '@posttrain/estimators'

/** How predictions are put together. */
export interface CalibrationOptions {
  /** Number of bins (default 10). */
  readonly bins?: number | undefined
  /** `equal-width` (default): [0, 0.1), [0.1, 0.2) …; `equal-mass`: as many predictions in each as can be. */
  readonly binning?: 'equal-width' | 'equal-mass' | undefined
}

/** Predictions that are near each other. */
export interface CalibrationBin {
  readonly count: number
  /** Their mean. */
  readonly predicted: number
  /** The mean of what happened. */
  readonly observed: number
  /** Its 95 % interval by `scoreInterval`; absent for a single prediction. */
  readonly interval?: Interval | undefined
}

/** How far predicted probabilities are from what happened. */
export interface Calibration {
  /** Expected calibration error Σ (count / n) · |predicted − observed| over the bins. It grows with their number. */
  readonly ece: number
  /** Brier score: the mean of (prediction − outcome)². */
  readonly brier: number
  /** The reliability table: bins that are not empty, in ascending order. */
  readonly bins: readonly CalibrationBin[]
}

/**
 * The calibration of predicted probabilities.
 *
 * Naeini et al. 2015, https://doi.org/10.1609/aaai.v29i1.9602; Guo et al. 2017, https://arxiv.org/abs/1706.04599
 *
 * @param predictions (n), each from 0 to 1
 * @param outcomes (n), each from 0 to 1: 1 where it happened
 * @throws PosttrainError `invalid-argument` for no predictions, other numbers of outcomes, or what is no probability
 * @example
 * ```ts
 * const { ece, bins } = calibrationOf([0.9, 0.9, 0.2, 0.2], [1, 0, 0, 0])
 * ece // => 0.3
 * bins.map(({ count, predicted, observed }) => [count, predicted, observed]) // => [[2, 0.2, 0], [2, 0.9, 0.5]]
 * ```
 */
export function calibrationOf(
  predictions: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  options: CalibrationOptions = {},
): Calibration {
  const { bins: count = 10, binning = 'equal-width' } = options
  requireInteger('bins', count, { min: 1 })
  requireOneOf('binning', binning, ['equal-width', 'equal-mass'])
  if (predictions.length === 0) throw invalidArgument('there are no predictions')
  requireLength('outcomes', outcomes, predictions.length)
  const pairs = Array.from(predictions, (predicted, i) => ({
    predicted: requireFinite(`predictions[${i}]`, predicted, { min: 0, max: 1 }),
    observed: requireFinite(`outcomes[${i}]`, outcomes[i]!, { min: 0, max: 1 }),
  })).sort((a, b) => a.predicted - b.predicted)
  const groups = Array.from({ length: count }, (): (typeof pairs)[number][] => [])
  pairs.forEach((pair, i) => {
    const share = binning === 'equal-width' ? pair.predicted : i / pairs.length
    groups[Math.min(count - 1, Math.floor(share * count))]!.push(pair)
  })
  const bins = groups
    .filter((group) => group.length > 0)
    .map((group) => ({
      count: group.length,
      predicted: mean(group.map(({ predicted }) => predicted)),
      observed: mean(group.map(({ observed }) => observed)),
      ...(group.length > 1 && { interval: scoreInterval(group.map(({ observed }) => observed)) }),
    }))
  return {
    ece: sum(bins.map((bin) => bin.count * Math.abs(bin.predicted - bin.observed))) / pairs.length,
    brier: mean(pairs.map(({ predicted, observed }) => (predicted - observed) ** 2)),
    bins,
  }
}
