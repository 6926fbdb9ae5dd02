import { invalidArgument } from '@posttrain/core'
import type { JudgedGroup } from '../advantages/advantage-rule.js'
import type { Algorithm } from '../algorithms/algorithm.js'

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

/**
 * Adds a KL penalty that is credited to the reward: by token for rules that work by token, and otherwise to the reward of the
 * whole sequence. Elsewhere, groups stay as they are.
 */
export function creditedToReward(algorithm: Algorithm, groups: readonly JudgedGroup[]): readonly JudgedGroup[] {
  const { kl, advantages } = algorithm
  if (kl?.credit !== 'reward') return groups
  return groups.map((group) => {
    const tokenRewards = group.samples.map((sample, i) => {
      if (!sample.logprobs) {
        throw invalidArgument(`a sample of task ${group.task.id} has no log-probs, which the KL penalty needs`)
      }
      const logprob = Float64Array.from(sample.logprobs.values)
      const constants = { referenceLogprob: group.referenceLogprobs![i]! }
      return kl.placement.contribution({ logprob }, constants, kl.coefficient).rewards
    })
    if (advantages.needs.includes('token-rewards')) return { ...group, tokenRewards }
    const outcomes = group.outcomes.map((outcome, i) => ({
      ...outcome,
      reward: outcome.reward + total(tokenRewards[i]!),
    }))
    return { ...group, outcomes }
  })
}
