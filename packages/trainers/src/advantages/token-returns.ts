import type { JudgedGroup } from './advantage-rule.js'

/** The rewards of each token of each sample: those of the penalty, and the outcome's at the last token. */
export const rewardsByToken = ({ samples, outcomes, tokenRewards }: JudgedGroup): Float64Array[] =>
  samples.map(({ tokens, usage }, i) => {
    const length = tokens?.length ?? usage.completionTokens
    const rewards = Float64Array.from(tokenRewards?.[i] ?? new Float64Array(length))
    if (length > 0) rewards[length - 1]! += outcomes[i]!.reward
    return rewards
  })

/** Rₜ = Σ_{s ≥ t} γ^{s−t}·rₛ. */
export function returnsToGo(rewards: Float64Array, gamma: number): Float64Array {
  const returns = new Float64Array(rewards.length)
  let toGo = 0
  for (let t = rewards.length - 1; t >= 0; t--) returns[t] = toGo = rewards[t]! + gamma * toGo
  return returns
}
