import type { Distribution } from '../distribution.js'
import { klDivergence } from '../divergences/kl-divergence.js'
import { divergencePerRow } from '../divergences/per-row.js'

/**
 * The Rao–Blackwellised value of a sample: Σₜ KL(π(·|y₍<ₜ₎)‖ref(·|y₍<ₜ₎)), exact over the vocabulary at each prefix of the sample.
 * Unbiased for the KL of sequences, never negative, and of no more variance than the token-level k1 it is the conditional
 * expectation of (Amini, Vieira & Cotterell 2025, https://arxiv.org/abs/2504.10637).
 *
 * Its derivative is not an unbiased gradient: see the placement `both` with `rao-blackwell`.
 *
 * @param policy next-token distributions, one per token of the sample
 * @param reference as many
 * @returns nats per sequence
 * @throws PosttrainError `invalid-argument` for different lengths or vocabularies
 * @example
 * ```ts
 * raoBlackwellKl([fromProbabilities([1, 0])], [fromProbabilities([0.5, 0.5])]) // => 0.6931471805599453
 * ```
 */
export const raoBlackwellKl = (policy: readonly Distribution[], reference: readonly Distribution[]): number =>
  divergencePerRow(klDivergence, policy, reference).reduce((a, b) => a + b, 0)
