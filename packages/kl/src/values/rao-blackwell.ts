import { sum } from '@posttrain/core'
import type { Distribution } from '../distribution.js'
import { klDivergence } from '../divergences/kl-divergence.js'
import { divergencePerRow } from '../divergences/per-row.js'

/**
 * The Rao–Blackwellised value of a sample: Σₜ KL(π(·|y₍<ₜ₎)‖ref(·|y₍<ₜ₎)), exact over the vocabulary at each prefix.
 *
 * It is unbiased for the KL of sequences and never negative (Amini, Vieira & Cotterell 2025,
 * https://arxiv.org/abs/2504.10637). At each position its variance is at most that of the sampled log-ratio, whose
 * conditional expectation it is. Over whole sequences it is far less as a rule, but not as a theorem: where a later
 * token makes up for an earlier one, k1 can vary less.
 *
 * Its derivative is not an unbiased gradient: see the placement `both` with `rao-blackwell`.
 *
 * @param policy (tokens): the next-token distribution at each
 * @param reference (tokens)
 * @returns nats per sequence
 * @throws PosttrainError `invalid-argument` for different lengths or vocabularies
 * @example
 * ```ts
 * raoBlackwellKl([fromProbabilities([1, 0])], [fromProbabilities([0.5, 0.5])]) // => 0.6931471805599453
 * ```
 */
export const raoBlackwellKl = (policy: readonly Distribution[], reference: readonly Distribution[]): number =>
  sum(divergencePerRow(klDivergence, policy, reference))
