import { requireFinite, requireLength, requireOneOf, scoreOf, sum, unsupported } from '@posttrain/core'
import type { Loss, LossConstants } from '@posttrain/core'
import { advantageByToken } from './internal/advantage-by-token.js'
import { constantByToken } from './internal/constant-by-token.js'
import { fraction } from './internal/fraction.js'
import { sequenceLogRatio } from './internal/sequence-log-ratio.js'

/** Settings of the correction for who drew. */
export interface TruncatedImportanceOptions {
  /** C, the largest factor; 2 is verl's example, 3 TRL's default. */
  readonly cap: number
  /**
   * `token` (default): each token's own factor; `sequence`: one for the whole sequence, from the product of its ratios.
   */
  readonly level?: 'token' | 'sequence' | undefined
}

/**
 * Corrects a loss for samples drawn by another engine or an earlier policy than the one that trains: each token's
 * contribution is multiplied by the constant min(π_old / μ, C), with μ whoever drew and π_old the policy in training
 * before the first update of the batch.
 *
 * To the wrapped loss the samples then count as drawn by π_old: it sees `oldLogprob`, in place of `rolloutLogprob` too,
 * and its own ratio measures the updates alone.
 *
 * The factor enters through the advantage, which is right for every loss that scales with it: all of this package that
 * vanish at advantage 0.
 *
 * Truncation: Ionides 2008, https://doi.org/10.1198/106186008X320456. In language-model training: Yao et al. 2025,
 * https://fengyao.notion.site/off-policy-rl
 *
 * @returns the loss with two metrics more: `truncatedFraction` and `meanImportance`, the mean factor, over tokens
 * @throws PosttrainError `unsupported` for a loss that does not vanish at advantage 0; `invalid-argument` for bad
 *   options, or if a sequence lacks `advantage`, `oldLogprob` or `rolloutLogprob`
 * @example
 * ```ts
 * const loss = truncatedImportance(ppoClipLoss(), { cap: 2 })
 * const constants = [{ advantage: 1, weight: 1, oldLogprob: [-1], rolloutLogprob: [-1.5] }]
 * loss.evaluate([{ logprob: Float64Array.of(-1) }], constants).value // => -1.648721
 * ```
 */
export function truncatedImportance(loss: Loss, { cap, level = 'token' }: TruncatedImportanceOptions): Loss {
  requireFinite('cap', cap, { min: 0 })
  requireOneOf('level', level, ['token', 'sequence'])
  if (!loss.vanishesAtZeroAdvantage) {
    throw unsupported(
      `truncatedImportance scales advantages, which the loss ${loss.name} does not scale with`,
      'wrap the terms that have advantages, then add the others with sumOfLosses',
    )
  }
  return {
    ...loss,
    name: `${loss.name} with truncated importance by ${level}`,
    reads: [...new Set([...loss.reads, 'advantage', 'rolloutLogprob', 'oldLogprob'] as const)],
    evaluate(scores, constants) {
      requireLength('constants', constants, scores.length)
      let [tokens, truncated, total] = [0, 0, 0]
      const corrected = scores.map((sequence, i): LossConstants => {
        const own = constants[i]!
        const logprob = scoreOf(sequence, 'logprob')
        const old = constantByToken('oldLogprob', own, logprob.length, i)
        const rollout = constantByToken('rolloutLogprob', own, logprob.length, i)
        const ratios = importanceRatios(old, rollout, level)
        const factors = ratios.map((ratio) => Math.min(ratio, cap))
        tokens += logprob.length
        truncated += ratios.filter((ratio) => ratio > cap).length
        total += sum(factors)
        const advantages = advantageByToken(own, logprob.length, i)
        return { ...own, rolloutLogprob: old, advantage: factors.map((factor, t) => factor * advantages[t]!) }
      })
      const value = loss.evaluate(scores, corrected)
      const added = { truncatedFraction: fraction(truncated, tokens), meanImportance: fraction(total, tokens) }
      return { ...value, metrics: { ...value.metrics, ...added } }
    },
  }
}

function importanceRatios(
  old: ArrayLike<number>,
  rollout: ArrayLike<number>,
  level: 'token' | 'sequence',
): Float64Array {
  if (level === 'token') return Float64Array.from(old, (x, t) => Math.exp(x - rollout[t]!))
  return new Float64Array(old.length).fill(Math.exp(sequenceLogRatio(old, rollout)))
}
