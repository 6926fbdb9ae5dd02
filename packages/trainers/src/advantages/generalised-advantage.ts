import { invalidArgument, requireFinite, requireLength } from '@posttrain/core'
import type { AdvantageEstimator } from './advantage-estimator.js'
import { rewardsByToken } from './token-returns.js'
import { whitening } from './whitened-returns.js'

/**
 * Aₜ = Σ_{s ≥ t} (γλ)^{s−t}·δₛ with δₜ = rₜ + γ·V(s_{t+1}) − V(sₜ) and V = 0 after the last token.
 *
 * Schulman et al. 2016, eq. 16, https://arxiv.org/abs/1506.02438
 *
 * @param rewards of one sequence's tokens
 * @param values of the value head before each token
 * @example
 * ```ts
 * const advantages = generalisedAdvantages(Float64Array.of(0, 0, 1), Float64Array.of(0.5, 0.6, 0.7), 1, 0.95)
 * advantages // => [0.46575, 0.385, 0.3]
 * ```
 */
export function generalisedAdvantages(
  rewards: Float64Array,
  values: Float64Array,
  gamma: number,
  lambda: number,
): Float64Array {
  requireLength('values', values, rewards.length)
  const advantages = new Float64Array(rewards.length)
  let ahead = 0
  for (let t = rewards.length - 1; t >= 0; t--) {
    const delta = rewards[t]! + gamma * (values[t + 1] ?? 0) - values[t]!
    advantages[t] = ahead = delta + gamma * lambda * ahead
  }
  return advantages
}

/**
 * Advantages against a critic, token by token, with A + V as the critic's targets. With γ = λ = 1 and no whitening they
 * are returns minus values: unbiased whatever the critic says, because a value does not depend on the token it judges.
 * Otherwise the critic's errors bias them.
 *
 * @example
 * ```ts
 * generalisedAdvantage().bias(1) // => { kind: 'exact' }
 * ```
 */
export function generalisedAdvantage({
  gamma = 1,
  lambda = 1,
  whiten = false,
}: {
  /** Discount per token (default 1). */
  readonly gamma?: number | undefined
  /** 1 (default): returns against values; 0: one-step differences of values. */
  readonly lambda?: number | undefined
  /**
   * Mean 0 and variance 1 over the batch's tokens, as PPO implementations do (default false); a deviation below
   * 1e-4·max(1, largest |advantage|) counts as none.
   */
  readonly whiten?: boolean | undefined
} = {}): AdvantageEstimator {
  requireFinite('gamma', gamma, { min: 0, max: 1 })
  requireFinite('lambda', lambda, { min: 0, max: 1 })
  return {
    name: `generalised advantage, λ = ${lambda}`,
    target: 'mean',
    minimumSamples: 1,
    needs: ['token-rewards', 'values'],
    bias: () =>
      gamma === 1 && lambda === 1 && !whiten
        ? { kind: 'exact' }
        : { kind: 'direction-changing', reason: "the critic's errors, the discount or the whitening enter" },
    advantages(groups) {
      const estimated = groups.map((group) => {
        const { values } = group
        if (!values) throw invalidArgument(`the samples of task ${group.task.id} have no values`, 'use a value head')
        const advantages = rewardsByToken(group).map((rewards, i) =>
          generalisedAdvantages(rewards, values[i]!, gamma, lambda),
        )
        const returns = advantages.map((sequence, i) => sequence.map((advantage, t) => advantage + values[i]![t]!))
        return { advantages, returns }
      })
      const transform = whiten ? whitening(estimated.flatMap(({ advantages }) => advantages)) : (x: number) => x
      return estimated.map(({ advantages, returns }) => ({
        advantages: advantages.map((sequence) => sequence.map(transform)),
        returns,
      }))
    },
  }
}
