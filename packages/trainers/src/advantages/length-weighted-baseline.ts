import { chosenCount, sum } from '@posttrain/core'
import type { AdvantageEstimator } from './advantage-estimator.js'

/**
 * Rewards against the group's mean weighted by length, rᵢ − Σⱼ lⱼ·rⱼ / Σⱼ lⱼ: the baseline of least variance if the
 * squared norm of ∇log π(y) grows with the length of y (OPO, Hao et al. 2025, https://arxiv.org/abs/2505.23585).
 *
 * The baseline holds rᵢ itself. For sequences of one length it is the group mean, and the expected step (n−1)/n of the
 * gradient; otherwise −E[b·Σᵢ ∇log π(yᵢ)]/n is added to it.
 *
 * @example
 * ```ts
 * lengthWeightedBaseline().target // => 'mean'
 * ```
 */
export const lengthWeightedBaseline = (): AdvantageEstimator => ({
  name: 'length-weighted baseline',
  target: 'mean',
  minimumSamples: 2,
  needs: [],
  bias: () => ({
    kind: 'direction-changing',
    reason: 'the baseline holds the sample itself, in proportion to its length',
  }),
  advantages: (groups) =>
    groups.map(({ samples, outcomes }) => {
      const lengths = samples.map(chosenCount)
      const first = outcomes[0]!.reward // of equal rewards the baseline is exactly that
      const baseline = first + sum(outcomes.map(({ reward }, i) => lengths[i]! * (reward - first))) / sum(lengths)
      return { advantages: outcomes.map(({ reward }) => reward - baseline) }
    }),
})
