import { invalidArgument, type Loss } from '@posttrain/core'
import { addUp, advantagesOf, constantOf, overTokens } from './batch.js'
import { sequenceRatioTerm } from './sequence-ratio.js'

/** Settings of the importance-weighted policy gradient. */
export interface ImportanceWeightedOptions {
  /** `token` (default): each token's own ratio; `sequence`: their product, for the whole sequence. */
  readonly level?: 'token' | 'sequence'
}

/**
 * The policy gradient on samples of an earlier policy, weighted by importance ratios that are not clipped:
 *
 * - `token`: −Σᵢ wᵢ Σₜ ρᵢₜ Aᵢₜ with ρᵢₜ = exp(log πᵢₜ − log πᵢₜ at sampling). Tokens before t keep their old
 *   distribution, which biases it off-policy.
 * - `sequence`: −Σᵢ wᵢ ρᵢ meanₜ Aᵢₜ with ρᵢ = Πₜ ρᵢₜ: unbiased for one advantage per sequence that depends on that
 *   sequence alone, with a variance that grows exponentially in length.
 *
 * Both are `policyGradientLoss` in gradient at ρ = 1, the second with one advantage per sequence.
 *
 * Degris, White, Sutton 2012, https://arxiv.org/abs/1205.4839
 *
 * @throws PosttrainError `invalid-argument` for an unknown level, or if a sequence has no log-probs from the time of
 * sampling
 * @example
 * ```ts
 * const scores = [{ logprob: Float64Array.of(Math.log(0.6)) }]
 * const constants = [{ advantage: 1, weight: 1, samplingLogprob: [Math.log(0.4)] }]
 * importanceWeightedLoss().evaluate(scores, constants).value // => -1.5
 * ```
 */
export function importanceWeightedLoss({ level = 'token' }: ImportanceWeightedOptions = {}): Loss {
  if (!['token', 'sequence'].includes(level)) {
    throw invalidArgument(`level must be token or sequence, but is ${level}`)
  }
  return {
    name: `importance-weighted by ${level}`,
    needs: ['logprob'],
    vanishesAtZeroAdvantage: true,
    onPolicy: false,
    evaluate: (scores, constants) => ({
      ...addUp(scores, constants, ({ logprob }, own, i) => {
        if (level === 'sequence') {
          return sequenceRatioTerm(logprob, own, i, { ratio: 'product', low: 0, high: Infinity })
        }
        const advantages = advantagesOf(own, logprob.length, i)
        const sampling = constantOf('samplingLogprob', own, logprob.length, i)
        return overTokens('logprob', logprob, own.weight, (x, t) => {
          const surrogate = Math.exp(x - sampling[t]!) * advantages[t]!
          return { value: -surrogate, slope: -surrogate }
        })
      }),
      metrics: {},
    }),
  }
}
