import { requireFinite } from '@posttrain/core'
import { biased, gradientOf } from './gradient-statement.js'
import { lossPart } from './in-loss.js'
import { rewardPart } from './in-reward.js'
import type { KlPlacement, PlacementOptions } from './kl-placement.js'
import { placedValue, uncorrected } from './placed-value.js'

/** A value in both places. */
export interface BothOptions extends PlacementOptions {
  /**
   * Share of β in each place, at least 0 (default 1). The two add up to the gradient of β·KL only if each has all of
   * it.
   */
  readonly each?: number | undefined
}

/**
 * The penalty in the reward and in the loss: E[k·∇log π] + E[∇k] = ∇E[k].
 *
 * By the product rule that is the gradient of the value's expectation. For a value that is unbiased under every policy
 * it is the gradient of the reverse KL.
 *
 * - k1, k3, rao-blackwell: reverse KL, exact, at either level. Rao–Blackwell has by far the least variance: the
 *   derivative of the next-token KL, and for each token the score of the exact KL still to come.
 * - k2, abs: exact for their own expectations, which are not the KL.
 *
 * @param options the value, its level, how to clamp it, and its share in each place
 * @returns a placement that reads `referenceLogprob`, but for rao-blackwell
 * @throws PosttrainError `invalid-argument` for unknown options
 * @example
 * ```ts
 * describeGradient(both({ value: 'rao-blackwell' }).gradient) // => 'reverse-KL exact'
 * describeGradient(both({ value: 'k3', each: 0.5 }).gradient) // => '0.5 × reverse-KL exact'
 * ```
 */
export function both(options: BothOptions): KlPlacement {
  const { value, each = 1 } = options
  const placed = placedValue(options)
  requireFinite('each', each, { min: 0 })
  const estimatesKl = value !== 'k2' && value !== 'abs'
  const gradient = estimatesKl
    ? gradientOf('reverse-KL', 'sequence', each)
    : biased(`the gradient of the mean of ${value}`)
  return {
    name: `${placed.label} in both${each === 1 ? '' : ` at ${each} each`}`,
    places: ['reward', 'loss'],
    differentiates: [...new Set(['logprob' as const, placed.score])],
    reads: placed.reads,
    gradient: placed.stated(gradient),
    offPolicyGradient: uncorrected,
    contribution(scores, constants, coefficient) {
      const steps = placed.steps(scores, constants, coefficient)
      const reward = rewardPart(placed, steps, each * coefficient)
      const loss = lossPart(placed, steps, each * coefficient)
      const logprob = reward.logprob.map((cotangent, t) => cotangent + (loss.logprob?.[t] ?? 0))
      return {
        value: reward.value,
        cotangents: { ...loss, logprob },
        lossCotangents: loss,
        rewards: reward.rewards,
      }
    },
  }
}
