import { sum } from '@posttrain/core'
import { biased, gradientOf, type GradientStatement } from './gradient-statement.js'
import type { KlPlacement, PlacementOptions } from './kl-placement.js'
import { perToken, placedValue, uncorrected, type PlacedValue, type Steps } from './placed-value.js'

/**
 * The penalty as a part of the reward: −β·k, a constant that is never differentiated, credited to the tokens that led
 * to it.
 *
 * Its expected gradient is E[k·∇log π], which is that of the KL for k1 alone:
 *
 * - k1: reverse KL, exact, at either level.
 * - k3: the reverse KL's minus the forward KL's; it can point uphill.
 * - k2, abs, rao-blackwell: biased. They lack E[∇k], which is 0 for k1 only.
 *
 * At token level a token is charged for its own value and those after it; at sequence level for the whole.
 *
 * @param options the value, its level, and how to clamp it
 * @returns a placement that reads `referenceLogprob`, but for rao-blackwell
 * @throws PosttrainError `invalid-argument` for unknown options
 * @example
 * ```ts
 * describeGradient(inReward({ value: 'k1' }).gradient) // => 'reverse-KL exact'
 * ```
 */
export function inReward(options: PlacementOptions): KlPlacement {
  const placed = placedValue(options)
  return {
    name: `${placed.label} in reward`,
    places: ['reward'],
    differentiates: [...new Set(['logprob' as const, placed.score])],
    reads: placed.reads,
    gradient: placed.stated(rewardGradient(options.value)),
    offPolicyGradient: uncorrected,
    contribution(scores, constants, coefficient) {
      const { value, logprob, rewards } = rewardPart(placed, placed.steps(scores, constants, coefficient), coefficient)
      return { value, cotangents: { logprob }, lossCotangents: {}, rewards }
    },
  }
}

function rewardGradient(value: PlacementOptions['value']): GradientStatement {
  if (value === 'k1') return gradientOf('reverse-KL', 'sequence')
  if (value === 'k3') return biased('reverse-KL minus the forward-KL gradient of k3 in loss; can point uphill')
  if (value === 'rao-blackwell') return biased('lacks the derivative of the next-token KL itself')
  return biased(`lacks the derivative of ${value} itself`)
}

/** What the reward term contributes: its value, its part of ∂loss/∂logprob, and the rewards that amount to that. */
export function rewardPart(
  { level, exact }: PlacedValue,
  { tokens, values }: Steps,
  coefficient: number,
): { value: number; logprob: Float64Array; rewards: Float64Array } {
  const value = sum(values)
  if (level === 'sequence') {
    const rewards = new Float64Array(tokens)
    if (tokens > 0) rewards[tokens - 1] = -coefficient * value
    return { value, logprob: new Float64Array(tokens).fill(coefficient * value), rewards }
  }
  const logprob = new Float64Array(tokens)
  let toGo = 0
  for (let t = tokens - 1; t >= 0; t--) {
    // A token has no part in the exact KL of its own position, which is a function of the prefix alone.
    logprob[t] = coefficient * (exact ? toGo : toGo + values[t]!)
    toGo += values[t]!
  }
  return { value, logprob, rewards: perToken(values, tokens).map((k) => -coefficient * k) }
}
