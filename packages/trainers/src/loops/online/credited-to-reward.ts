import { sum } from '@posttrain/core'
import type { Algorithm } from '../../algorithms/algorithm.js'
import type { AdvantageInput } from '../../advantages/advantage-estimator.js'
import type { KnownLogprobs } from './known-logprobs.js'

/**
 * Adds a KL penalty that is credited to the reward: by token for estimators that work by token, and otherwise to the
 * reward of the whole sample. Elsewhere, groups stay as they are.
 */
export function creditedToReward(
  { kl, advantages }: Algorithm,
  coefficient: number | undefined,
  groups: readonly AdvantageInput[],
  { old, reference }: KnownLogprobs,
): readonly AdvantageInput[] {
  if (kl?.credit !== 'reward' || coefficient === undefined) return groups
  return groups.map((group, g) => {
    const tokenRewards = group.samples.map((_, i) => {
      const constants = { referenceLogprob: reference![g]![i]! }
      return kl.placement.contribution({ logprob: old![g]![i]! }, constants, coefficient).rewards
    })
    if (advantages.needs.includes('token-rewards')) return { ...group, tokenRewards }
    const outcomes = group.outcomes.map((outcome, i) => ({
      ...outcome,
      reward: outcome.reward + sum(tokenRewards[i]!),
    }))
    return { ...group, outcomes }
  })
}
