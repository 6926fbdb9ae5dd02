import { invalidArgument, requireFiniteArray, requireLength, sum } from '@posttrain/core'
import { fromLogits, type Distribution } from '../distribution.js'
import { klDivergence } from '../divergences/kl-divergence.js'

/**
 * The policy ∝ ref(y)·exp(r(y)/β): of all policies at its KL from the reference, the one of highest expected reward,
 * and the optimum of E[r] − β·KL(π‖ref) (Korbak et al. 2022, https://arxiv.org/abs/2205.11275).
 *
 * @param reference what is tilted
 * @param rewards (outcomes)
 * @param beta price of the KL, above 0; Infinity leaves the reference as it is
 * @returns a distribution over the outcomes
 * @throws PosttrainError `invalid-argument` for different lengths or a β that is not above 0
 * @example
 * ```ts
 * tiltedPolicy(fromProbabilities([0.5, 0.5]), [0, Math.log(3)], 1).probabilities[1] // => 0.75
 * ```
 */
export function tiltedPolicy(reference: Distribution, rewards: ArrayLike<number>, beta: number): Distribution {
  requireFiniteArray('rewards', rewards)
  requireLength('rewards', rewards, reference.probabilities.length)
  if (!(beta > 0)) throw invalidArgument(`beta must be above 0, but is ${beta}`)
  return fromLogits(reference.logprobs.map((logprob, i) => logprob + rewards[i]! / beta))
}

/** A point that no policy can beat in both coordinates. */
export interface FrontierPoint {
  readonly beta: number
  /** Expected reward. */
  readonly reward: number
  /** KL to the reference, in nats. */
  readonly kl: number
}

/**
 * The reward–KL frontier: reward and KL of the tilted policies at the given prices. Best-of-n lies on or below it.
 *
 * @param reference what is tilted
 * @param rewards (outcomes)
 * @param betas prices of the KL, each above 0
 * @returns one point per price, in their order
 * @throws PosttrainError `invalid-argument` as `tiltedPolicy`
 * @example
 * ```ts
 * rewardKlFrontier(fromProbabilities([0.5, 0.5]), [0, 1], [Infinity]) // => [{ beta: Infinity, reward: 0.5, kl: 0 }]
 * ```
 */
export function rewardKlFrontier(
  reference: Distribution,
  rewards: ArrayLike<number>,
  betas: readonly number[],
): readonly FrontierPoint[] {
  return betas.map((beta) => {
    const policy = tiltedPolicy(reference, rewards, beta)
    const reward = sum(policy.probabilities.map((p, i) => p * rewards[i]!))
    return { beta, reward, kl: klDivergence(policy, reference) }
  })
}
