import { requireFinite, requireInteger } from '@posttrain/core'

/** Advantages of answers that best-of-n chose, by whether they are correct. */
export interface BestOfNSampleWeights {
  /** g⁺ and g⁻, to be used together. */
  readonly correct: number
  readonly wrong: number
  /** ḡ⁺, where wrong answers are left out. */
  readonly correctOnly: number
}

/**
 * Weights that train for best-of-n with a perfect verifier, 1 − pⁿ, on samples of best-of-n itself instead of the
 * policy (Chow et al. 2024, https://arxiv.org/abs/2412.15287).
 *
 * With p the probability that one sample fails, the weight is g⁺ = n·pⁿ⁻¹/(1−pⁿ) for a chosen correct answer and g⁻ =
 * n·p/(1−p) for a chosen wrong one, both added; or ḡ⁺ = g⁺·(1−p) for correct ones alone. Either way E[g·∇log π] is the
 * exact gradient. Weights grow without bound as p → 1: clip them.
 *
 * @param failure p, strictly between 0 and 1, estimated from other samples
 * @param n samples that best-of-n chooses from
 * @returns one weight per kind of chosen answer
 * @throws PosttrainError `invalid-argument` for p outside (0, 1)
 * @example
 * ```ts
 * bestOfNSampleWeights(0.5, 2) // => { correct: 1.3333, wrong: 2, correctOnly: 0.6667 }
 * ```
 */
export function bestOfNSampleWeights(failure: number, n: number): BestOfNSampleWeights {
  requireFinite('failure', failure, { above: 0, below: 1 })
  requireInteger('n', n, { min: 1 })
  const correct = (n * failure ** (n - 1)) / -Math.expm1(n * Math.log(failure))
  return { correct, wrong: (n * failure) / (1 - failure), correctOnly: correct * (1 - failure) }
}
