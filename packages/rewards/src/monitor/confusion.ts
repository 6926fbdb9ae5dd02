import { mean, sum, type Interval } from '@posttrain/core'
import { scoreInterval, studentInterval, type Clusters, type Weights } from '@posttrain/estimators'

/** A share or a coefficient with what it rests on. */
export interface MeasuredRate {
  readonly value: number
  /** Absent where there are too few samples, or too few tasks, to see a spread; of κ, where all agree. */
  readonly interval: Interval | undefined
  /** Samples that it is of. */
  readonly n: number
}

/** How two verdicts of the same samples agree: one that is tried, and one that is taken as the truth. */
export interface Confusion {
  readonly n: number
  /** Samples, not weighted. */
  readonly counts: {
    readonly bothAccept: number
    readonly onlyTried: number
    readonly onlyTruth: number
    readonly bothRefuse: number
  }
  /** Share of samples where the two are the same. */
  readonly agreement: MeasuredRate
  /**
   * Cohen's κ: (agreement − chance) / (1 − chance), a ratio of estimates, so biased by O(1/n). Absent where chance
   * alone agrees always.
   */
  readonly kappa: MeasuredRate | undefined
  /** Share of the samples that are wrong which the tried one accepts. Absent where none is wrong. */
  readonly falseAccept: MeasuredRate | undefined
  /** Share of the samples that are right which the tried one refuses. Absent where none is right. */
  readonly falseReject: MeasuredRate | undefined
}

/** A sample with both verdicts. */
export interface JudgedTwice {
  readonly tried: boolean
  readonly truth: boolean
  /** How many samples it stands for. */
  readonly weight: number
  readonly cluster: string
}

/** How intervals are made. */
export interface ConfusionOptions {
  readonly level: number
  /** Whether samples of one cluster may depend on each other: then the spread is that between clusters. */
  readonly clustered: boolean
}

/**
 * Agreement, κ and the two error rates, each with its interval: score intervals for shares, and for κ Student's on
 * linearised values, whose mean it is and whose spread is that of its first-order expansion.
 */
export function confusionOf(pairs: readonly JudgedTwice[], options: ConfusionOptions): Confusion {
  const count = (tried: boolean, truth: boolean): number =>
    pairs.filter((pair) => pair.tried === tried && pair.truth === truth).length
  return {
    n: pairs.length,
    counts: {
      bothAccept: count(true, true),
      onlyTried: count(true, false),
      onlyTruth: count(false, true),
      bothRefuse: count(false, false),
    },
    agreement: rateOf(pairs, ({ tried, truth }) => tried === truth, options),
    kappa: kappaOf(pairs, options),
    falseAccept: rateAmong(pairs, false, options),
    falseReject: rateAmong(pairs, true, options),
  }
}

/** The error rate among the samples of one truth. */
function rateAmong(pairs: readonly JudgedTwice[], truth: boolean, options: ConfusionOptions): MeasuredRate | undefined {
  const among = pairs.filter((pair) => pair.truth === truth)
  return among.length === 0 ? undefined : rateOf(among, ({ tried }) => tried !== truth, options)
}

function rateOf(
  pairs: readonly JudgedTwice[],
  holds: (pair: JudgedTwice) => boolean,
  options: ConfusionOptions,
): MeasuredRate {
  const values = pairs.map((pair) => Number(holds(pair)))
  return {
    value: weightedMean(values, pairs),
    interval: spread(scoreInterval, values, pairs, options),
    n: pairs.length,
  }
}

function kappaOf(pairs: readonly JudgedTwice[], options: ConfusionOptions): MeasuredRate | undefined {
  const agree = pairs.map(({ tried, truth }) => Number(tried === truth))
  const [agreement, accepts, right] = [
    weightedMean(agree, pairs),
    weightedMean(
      pairs.map(({ tried }) => Number(tried)),
      pairs,
    ),
    weightedMean(
      pairs.map(({ truth }) => Number(truth)),
      pairs,
    ),
  ]
  const chance = accepts * right + (1 - accepts) * (1 - right)
  if (!(chance < 1)) return undefined
  const value = (agreement - chance) / (1 - chance)
  // ∂κ/∂agreement = 1/(1 − chance); ∂κ/∂chance = (agreement − 1)/(1 − chance)².
  const linearised = pairs.map(({ tried, truth }, i) => {
    const moved = (Number(tried) - accepts) * (2 * right - 1) + (Number(truth) - right) * (2 * accepts - 1)
    return value + (agree[i]! - agreement) / (1 - chance) - (moved * (1 - agreement)) / (1 - chance) ** 2
  })
  // Where all agree there is no spread to see, and an interval without width would claim certainty.
  const interval = agreement === 1 ? undefined : spread(studentInterval, linearised, pairs, options)
  return { value, interval, n: pairs.length }
}

const weightedMean = (values: readonly number[], pairs: readonly JudgedTwice[]): number =>
  pairs.every(({ weight }) => weight === pairs[0]!.weight)
    ? mean(values)
    : sum(values.map((value, i) => value * pairs[i]!.weight)) / sum(pairs.map(({ weight }) => weight))

function spread(
  intervalOf: (
    values: ArrayLike<number>,
    options: { level: number; clusters?: Clusters; weights?: Weights },
  ) => Interval,
  values: readonly number[],
  pairs: readonly JudgedTwice[],
  { level, clustered }: ConfusionOptions,
): Interval | undefined {
  const clusters = clustered ? pairs.map(({ cluster }) => cluster) : undefined
  if ((clusters === undefined ? pairs.length : new Set(clusters).size) < 2) return undefined
  const weights = pairs.map(({ weight }) => weight)
  return intervalOf(values, { level, weights, ...(clusters && { clusters }) })
}
