import type { Distribution } from '../distribution.js'
import { klDivergence } from '../divergences/kl-divergence.js'
import { divergencePerRow } from '../divergences/per-row.js'

/**
 * The Rao–Blackwellised value of a sample: Σₜ KL(π(·|y₍<ₜ₎)‖ref(·|y₍<ₜ₎)), exact over the vocabulary at each prefix of the sample
 * (Amini, Vieira & Cotterell 2025, https://arxiv.org/abs/2504.10637). Unbiased for the KL of sequences and never negative.
 *
 * At each position its variance is at most that of the sampled log-ratio, whose conditional expectation it is. Over whole
 * sequences it is far less as a rule, but not as a theorem: where a later token makes up for an earlier one, k1 can vary less.
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
