import { requireFinite } from '@posttrain/core'
import type { AdvantageRule } from './advantage-rule.js'
import { returnsToGo, rewardsByToken } from './token-returns.js'

/** Settings of whitened returns. */
export interface WhitenedReturnsOptions {
  /** Discount per token (default 1). */
  readonly gamma?: number
  /** Subtract the mean reward of the prompt's group first (REINFORCE++-baseline; default false). */
  readonly groupBaseline?: boolean
}

/**
 * Returns to go of every token, made to have mean 0 and variance 1 over all tokens of the **batch**, then divided by n:
 * REINFORCE++ (Hu et al. 2025, https://arxiv.org/abs/2501.03262). A KL penalty that is credited to the reward is in the returns, by token.
 *
 * The mean and the deviation hold the sample itself: over a batch of B tokens the direction is off by terms of order 1/B, and the length of
 * the step is 1/σ of the gradient's.
 *
 * @example
 * ```ts
 * whitenedReturns().needs // => ['token-rewards']
 * ```
 */
export function whitenedReturns({ gamma = 1, groupBaseline = false }: WhitenedReturnsOptions = {}): AdvantageRule {
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
    assign(groups) {
      const returns = groups.map((group) => {
        const { outcomes } = group
        const mean = outcomes.reduce((sum, { reward }) => sum + reward / outcomes.length, 0)
        const centred = groupBaseline
          ? { ...group, outcomes: outcomes.map((outcome) => ({ ...outcome, reward: outcome.reward - mean })) }
          : group
        return rewardsByToken(centred).map((rewards) => returnsToGo(rewards, gamma))
      })
      const whiten = whitening(returns.flat())
      return returns.map((group) => ({
        advantages: group.map((sequence) => sequence.map((value) => whiten(value) / group.length)),
      }))
    },
  }
}

/** x ↦ (x − mean)/standard deviation over all entries; 0 where they are all equal. */
export function whitening(sequences: readonly Float64Array[]): (x: number) => number {
  const values = sequences.flatMap((sequence) => [...sequence])
  const mean = values.reduce((sum, value) => sum + value / values.length, 0)
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0)
  const constant = values.every((value) => value === values[0])
  return (x) => (constant ? 0 : (x - mean) / Math.sqrt(variance))
}
