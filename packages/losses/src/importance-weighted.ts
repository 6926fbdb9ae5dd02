import { requireOneOf, scoreOf, type Loss } from '@posttrain/core'
import { addUp } from './internal/add-up.js'
import { advantageByToken } from './internal/advantage-by-token.js'
import { constantByToken } from './internal/constant-by-token.js'
import { overTokens } from './internal/over-tokens.js'
import { sequenceRatioTerm } from './internal/sequence-ratio.js'

/** Settings of the importance-weighted policy gradient. */
export interface ImportanceWeightedOptions {
  /** `token` (default): each token's own ratio; `sequence`: their product, for the whole sequence. */
  readonly level?: 'token' | 'sequence' | undefined
}

/**
 * The policy gradient on samples of another policy μ, weighted by importance ratios ρᵢₜ = π/μ that are not clipped:
 *
 * - `token`: −Σᵢ wᵢ Σₜ ρᵢₜ Aᵢₜ. Tokens before t keep the distribution of μ, which biases it where π is not μ.
 * - `sequence`: −Σᵢ wᵢ ρᵢ meanₜ Aᵢₜ with ρᵢ = Πₜ ρᵢₜ: unbiased for one advantage per sequence that depends on that
 *   sequence alone, with a variance that grows exponentially in length.
 *
 * Both are `policyGradientLoss` in gradient at ρ = 1, the second with one advantage per sequence. μ is whoever drew:
 * an earlier policy, another engine, or both.
 *
 * Degris, White, Sutton 2012, https://arxiv.org/abs/1205.4839
 *
 * @throws PosttrainError `invalid-argument` for an unknown level, or if a sequence lacks `advantage` or
 *   `rolloutLogprob`
 * @example
 * ```ts
 * const scores = [{ logprob: Float64Array.of(Math.log(0.6)) }]
 * const constants = [{ advantage: 1, weight: 1, rolloutLogprob: [Math.log(0.4)] }]
 * importanceWeightedLoss().evaluate(scores, constants).value // => -1.5
 * ```
 */
export function importanceWeightedLoss({ level = 'token' }: ImportanceWeightedOptions = {}): Loss {
  requireOneOf('level', level, ['token', 'sequence'])
  return {
    name: `importance-weighted by ${level}`,
    differentiates: ['logprob'],
    reads: ['advantage', 'rolloutLogprob'],
    vanishesAtZeroAdvantage: true,
    evaluate: (scores, constants) => ({
      ...addUp(scores, constants, (sequence, own, i) => {
        const logprob = scoreOf(sequence, 'logprob')
        const rollout = constantByToken('rolloutLogprob', own, logprob.length, i)
        if (level === 'sequence') {
          const unbounded = { ratio: 'product', low: 0, high: Infinity } as const
          return sequenceRatioTerm({ logprob, before: rollout }, own, i, unbounded)
        }
        const advantages = advantageByToken(own, logprob.length, i)
        return overTokens('logprob', logprob, own.weight, (x, t) => {
          const surrogate = Math.exp(x - rollout[t]!) * advantages[t]!
          return { value: -surrogate, slope: -surrogate }
        })
      }),
      metrics: {},
    }),
  }
}
