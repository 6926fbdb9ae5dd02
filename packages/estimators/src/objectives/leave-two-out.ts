import { mean, requireEnoughSamples } from '@posttrain/core'
import type { Objective } from '@posttrain/core'

/**
 * An objective with leave-two-out advantages, which add up to 0 over a group, for any symmetric f:
 * Aᵢ = (k/n)·mean over j ≠ i of E_B[f(B ∪ i) − f(B ∪ j)], B being k−1 others. For the mean they are RLOO's, for max@k
 * those of the baseline `leave-two-out`.
 *
 * With Uᵢ the estimate from the n − 1 samples other than i that is meanⱼ Uⱼ − Uᵢ, since subsets with both or neither of
 * i and j cancel: n estimates in all. Unbiased whenever `estimate` is: no Uᵢ depends on sample i, and any mean of
 * unbiased estimates may stand before Σᵢ ∇log π(yᵢ).
 *
 * A sum of 0 is what groups need whose samples were let in by what they say: then Σᵢ Aᵢ·∇log π(yᵢ) is also
 * Σᵢ Aᵢ·∇log π(yᵢ | let in), the gradient of the objective among what is let in.
 *
 * MaxPO, for the maximum: https://arxiv.org/abs/2606.06080
 *
 * @param objective whose estimate is unbiased from k samples on
 * @returns the objective under its own name; its advantages need k + 1 samples
 * @example
 * ```ts
 * const outcomes = [1, 0, 0, 0].map((reward) => ({ kind: 'scored' as const, reward }))
 * leaveTwoOut(passAtKObjective({ k: 2 })).advantages(outcomes) // => [0.5, -0.1667, -0.1667, -0.1667]
 * ```
 */
export function leaveTwoOut(objective: Objective): Objective {
  const { name, k } = objective
  return {
    ...objective,
    minimumSamples: k + 1,
    advantages(outcomes) {
      requireEnoughSamples(`leave-two-out of ${name}`, k + 1, outcomes.length)
      const withoutEach = outcomes.map((_, i) => objective.estimate(outcomes.filter((_, j) => j !== i)))
      const average = mean(withoutEach)
      return withoutEach.map((estimate) => average - estimate)
    },
  }
}
