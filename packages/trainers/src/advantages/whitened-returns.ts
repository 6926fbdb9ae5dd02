import { mean, requireFinite } from '@posttrain/core'
import { deviationDivisor } from '@posttrain/estimators'
import type { AdvantageEstimator } from './advantage-estimator.js'
import { returnsToGo, rewardsByToken } from './token-returns.js'

/**
 * Returns to go of every token, made to have mean 0 and variance 1 over all tokens of the **batch**: REINFORCE++ (Hu et
 * al. 2025, https://arxiv.org/abs/2501.03262). A KL penalty that is credited to the reward is in the returns, by token.
 *
 * The mean and the deviation hold the sample itself: over a batch of B tokens the direction is off by terms of order
 * 1/B, and the length of the step is 1/σ of the gradient's. A σ below 1e-4·max(1, largest |return|) counts as none, so
 * that returns which differ by rounding alone, as those of a KL at the reference, take no step.
 *
 * @example
 * ```ts
 * whitenedReturns().needs // => ['token-rewards']
 * ```
 */
export function whitenedReturns({
  gamma = 1,
  groupBaseline = false,
}: {
  /** Discount per token (default 1). */
  readonly gamma?: number | undefined
  /** Subtract the mean reward of the prompt's group first (REINFORCE++-baseline; default false). */
  readonly groupBaseline?: boolean | undefined
} = {}): AdvantageEstimator {
  requireFinite('gamma', gamma, { min: 0, max: 1 })
  return {
    name: groupBaseline ? 'whitened returns above the group mean' : 'whitened returns',
    target: 'mean',
    minimumSamples: groupBaseline ? 2 : 1,
    needs: ['token-rewards'],
    bias: () => ({
      kind: 'direction-changing',
      reason: "the batch's mean and deviation hold the sample itself; the step is divided by the deviation",
    }),
    advantages(groups) {
      const returns = groups.map((group) => {
        const { outcomes } = group
        const baseline = mean(outcomes.map(({ reward }) => reward))
        const centred = groupBaseline
          ? { ...group, outcomes: outcomes.map((outcome) => ({ ...outcome, reward: outcome.reward - baseline })) }
          : group
        return rewardsByToken(centred).map((rewards) => returnsToGo(rewards, gamma))
      })
      const whiten = whitening(returns.flat())
      return returns.map((group) => ({ advantages: group.map((sequence) => sequence.map(whiten)) }))
    },
  }
}

/**
 * x ↦ (x − mean)/standard deviation over all entries, by `deviationDivisor`: entries that are equal up to rounding
 * become 0 up to rounding. verl divides by √(variance + 1e-8).
 */
export function whitening(sequences: readonly Float64Array[]): (x: number) => number {
  const values = Float64Array.from(sequences.flatMap((sequence) => [...sequence]))
  const average = mean(values)
  const divisor = deviationDivisor(values, 'population')
  return (x) => (x - average) / divisor + 0 // 0 without a sign where the divisor is infinite
}
