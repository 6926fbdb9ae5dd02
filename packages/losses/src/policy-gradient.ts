import { scoreOf, type Loss } from '@posttrain/core'
import { addUp } from './internal/add-up.js'
import { advantageByToken } from './internal/advantage-by-token.js'
import { overTokens } from './internal/over-tokens.js'

/**
 * REINFORCE with given advantages: −Σᵢ wᵢ Σₜ Aᵢₜ log π(yᵢₜ | x, yᵢ₍<ₜ₎).
 *
 * On samples of the current policy, with one advantage per sequence, its gradient is −Σᵢ wᵢ Aᵢ ∇log π(yᵢ). With n times
 * the advantages of an Objective and wᵢ = 1 / (prompts · n) that is an unbiased descent direction of the objective's
 * negative mean over prompts. Its value is no measure of progress.
 *
 * Williams 1992, https://doi.org/10.1007/BF00992696
 *
 * @returns a loss that is on-policy
 * @throws PosttrainError `invalid-argument` if a sequence has no `advantage`
 * @example
 * ```ts
 * const scores = [{ logprob: Float64Array.of(-1) }]
 * const { cotangents } = policyGradientLoss().evaluate(scores, [{ advantage: 3, weight: 1 }])
 * cotangents[0]!.logprob![0] // => -3
 * ```
 */
export const policyGradientLoss = (): Loss => ({
  name: 'policy-gradient',
  differentiates: ['logprob'],
  reads: ['advantage'],
  vanishesAtZeroAdvantage: true,
  onPolicy: true,
  evaluate: (scores, constants) => ({
    ...addUp(scores, constants, (sequence, own, i) => {
      const logprob = scoreOf(sequence, 'logprob')
      const advantages = advantageByToken(own, logprob.length, i)
      return overTokens('logprob', logprob, own.weight, (x, t) => ({
        value: -advantages[t]! * x,
        slope: -advantages[t]!,
      }))
    }),
    metrics: {},
  }),
})
