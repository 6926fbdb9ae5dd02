import { invalidArgument } from '@posttrain/core'
import type { Interval, Objective } from '@posttrain/core'
import { clopperPearsonInterval, familyOf, parseObjective } from '@posttrain/estimators'

/** pass@k or pass^k, as a function of the rate p at which single runs pass. Both rise with it. */
export interface PassMetric {
  /** For instance `pass@8`. */
  readonly name: string
  readonly k: number
  /** The unbiased estimate from c passes among n runs. */
  readonly estimate: (n: number, c: number) => number
  /** Its value at rate p. */
  readonly atRate: (p: number) => number
  /** The rate at which it has this value. */
  readonly rateAt: (value: number) => number
}

type Curve = (objective: Objective) => Pick<PassMetric, 'atRate' | 'rateAt'>

const curves: Readonly<Partial<Record<string, Curve>>> = {
  'pass@': ({ k }) => ({
    atRate: (p) => -Math.expm1(k * Math.log1p(-p)),
    rateAt: (value) => -Math.expm1(Math.log1p(-value) / k),
  }),
  'pass^': ({ k }) => ({ atRate: (p) => p ** k, rateAt: (value) => value ** (1 / k) }),
}

/**
 * The metric of a name.
 *
 * pass@k = 1 − (1 − p)ᵏ, the chance that at least one of k runs passes; pass^k = pᵏ, the chance that all of them do.
 *
 * @param name `pass@K` or `pass^K`
 * @throws PosttrainError `invalid-argument` for another name
 */
export function passMetric(name: string): PassMetric {
  const curve = curves[familyOf(name) ?? '']
  if (curve === undefined) {
    throw invalidArgument(`no gate can be made of '${name}'`, 'use pass@K or pass^K, for instance pass@8')
  }
  const objective = parseObjective(name)
  const { k, estimateCounts } = objective
  return { name, k, estimate: (n, c) => estimateCounts!(n, c), ...curve(objective) }
}

/**
 * The exact interval of a metric for one body that was run n times: that of Clopper and Pearson for the rate p, carried
 * over, since the metric rises with p. It never covers less than its level.
 *
 * @param c runs that passed
 * @param n independent runs
 * @param level nominal coverage of both sides together, on (0, 1)
 * @returns within [0, 1]
 * @example
 * ```ts
 * metricInterval(passMetric('pass@8'), 8, 10, 0.95).lower // => 0.9909
 * ```
 */
export function metricInterval({ atRate }: PassMetric, c: number, n: number, level: number): Interval {
  const { lower, upper, method } = clopperPearsonInterval(c, n, level)
  return { lower: atRate(lower), upper: atRate(upper), level, method }
}
