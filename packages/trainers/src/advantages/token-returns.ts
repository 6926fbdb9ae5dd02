import { chosenCount, chosenIndexAt, sum, type Sample, type ScoredOutcome } from '@posttrain/core'
import type { AdvantageInput } from './advantage-estimator.js'

/**
 * The rewards of each chosen token of each sample: those of a penalty, and the outcome's. An outcome with `steps`
 * credits each of them to the token that led to it, and the rest of its reward, so that nothing is counted twice, to
 * the last token; one without credits all of it to the last token.
 *
 * @returns per sample (chosen tokens)
 */
export const rewardsByToken = ({ samples, outcomes, tokenRewards }: AdvantageInput): Float64Array[] =>
  samples.map((sample, i) => {
    const length = chosenCount(sample)
    const rewards = Float64Array.from(tokenRewards?.[i] ?? new Float64Array(length))
    if (length > 0) credit(rewards, sample, outcomes[i]!)
    return rewards
  })

function credit(rewards: Float64Array, sample: Sample, { reward, steps = [] }: ScoredOutcome): void {
  for (const step of steps) {
    const token = chosenIndexAt(sample, step.end)
    if (token >= 0) rewards[token]! += step.reward // none was chosen before a place in the prefix
  }
  rewards[rewards.length - 1]! += reward - sum(steps.map((step) => step.reward))
}

/** Rₜ = Σ_{s ≥ t} γ^{s−t}·rₛ. */
export function returnsToGo(rewards: Float64Array, gamma: number): Float64Array {
  const returns = new Float64Array(rewards.length)
  let toGo = 0
  for (let t = rewards.length - 1; t >= 0; t--) returns[t] = toGo = rewards[t]! + gamma * toGo
  return returns
}
