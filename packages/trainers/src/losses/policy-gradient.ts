import type { Loss } from '@posttrain/core'

/**
 * REINFORCE with given advantages: −Σᵢ wᵢ Aᵢ Σₜ log π(yᵢₜ | x, yᵢ₍<ₜ₎).
 *
 * On samples of the current policy its gradient is −Σᵢ wᵢ Aᵢ ∇log π(yᵢ), so with the advantages of an Objective and
 * wᵢ = 1 / number of prompts it is an unbiased descent direction of the objective's negative mean over prompts.
 * Its value is no measure of progress.
 *
 * Williams 1992, https://doi.org/10.1007/BF00992696
 *
 * @example
 * ```ts
 * const { cotangents } = policyGradientLoss().evaluate([{ logprob: Float64Array.of(-1) }], [{ advantage: 3, weight: 1 }])
 * cotangents[0]!.logprob![0] // => -3
 * ```
 */
export const policyGradientLoss = (): Loss => ({
  name: 'policy-gradient',
  needs: ['logprob'],
  vanishesAtZeroAdvantage: true,
  onPolicy: true,
  evaluate(scores, constants) {
    let value = 0
    const cotangents = scores.map(({ logprob }, i) => {
      const factor = constants[i]!.weight * constants[i]!.advantage
      for (const x of logprob) value -= factor * x
      return { logprob: new Float64Array(logprob.length).fill(-factor) }
    })
    return { value, cotangents, metrics: {} }
  },
})
