import type { Distribution } from '../distribution.js'
import { klDivergence } from '../divergences/kl-divergence.js'
import { sumOverEntries } from '../divergences/divergence.js'
import type { KlValue } from './kl-value.js'

/** What a value does on known distributions. */
export interface ValueMoments {
  readonly mean: number
  /** mean − KL(π‖ref). */
  readonly bias: number
  /** Of one sample. */
  readonly variance: number
}

/** Σ p·g(log p − log q) over the outcomes of p. */
const expectation = (p: Distribution, q: Distribution, g: (logRatio: number) => number): number =>
  sumOverEntries(p, q, ({ p, d }) => (p === 0 ? 0 : p * g(-d)))

/**
 * Exact mean, bias and variance of a value for samples of p against the reference q.
 *
 * @param value for instance `klValues.k3`
 * @param p what samples are drawn from
 * @param q the reference
 * @returns mean and bias in nats, variance of one sample
 * @throws PosttrainError `invalid-argument` for different lengths
 * @example
 * ```ts
 * valueMoments(klValues.k1, fromProbabilities([0.5, 0.5]), fromProbabilities([0.5, 0.5])).variance // => 0
 * ```
 */
export function valueMoments(value: KlValue, p: Distribution, q: Distribution): ValueMoments {
  const mean = expectation(p, q, (l) => value.of(l))
  const variance = expectation(p, q, (l) => (value.of(l) - mean) ** 2)
  return { mean, bias: mean - klDivergence(p, q), variance }
}

/**
 * The α of least variance in `controlVariate(α)`: −Cov(k1, r − 1)/Var(r − 1) over samples of p.
 *
 * Estimated from the same samples as the value it would bias the value. From known distributions, or other samples, it
 * does not.
 *
 * @param p what samples are drawn from
 * @param q the reference
 * @returns 1, which is k3, for p = q, where every α has variance 0
 * @throws PosttrainError `invalid-argument` for different lengths
 * @example
 * ```ts
 * bestControlCoefficient(fromProbabilities([0.5, 0.5]), fromProbabilities([0.5, 0.5])) // => 1
 * ```
 */
export function bestControlCoefficient(p: Distribution, q: Distribution): number {
  const meanK1 = expectation(p, q, (l) => l)
  const excess = (l: number): number => Math.expm1(-l)
  const meanExcess = expectation(p, q, excess)
  const covariance = expectation(p, q, (l) => (l - meanK1) * (excess(l) - meanExcess))
  const variance = expectation(p, q, (l) => (excess(l) - meanExcess) ** 2)
  return variance === 0 ? 1 : -covariance / variance
}
