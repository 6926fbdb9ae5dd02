import { invalidArgument, requireFinite } from '@posttrain/core'
import type { Algorithm } from '../algorithms/algorithm.js'
import { klRegularised } from '../algorithms/kl-regularised.js'
import { logCdfReward } from './log-cdf-reward.js'
import { logTiltReward } from './log-tilt-reward.js'
import { requireRewardsOf, type ReferenceRewards } from './reference-rewards.js'

/** Which best-of-N to distil, and how. */
export interface VariationalBestOfNOptions {
  /** N, above 1; it need not be whole. */
  readonly n: number
  /** Default `lower`. */
  readonly bound?: 'lower' | 'exact'
  /** Rewards of the reference's samples for every training task. */
  readonly cache: ReferenceRewards
}

/**
 * Trains one sample of the policy to be distributed as best-of-N of the reference (Amini et al. 2024, vBoN,
 * https://arxiv.org/abs/2407.06057): KL-regularised RL with a reward that knows only the rank of an answer, so that it is invariant
 * to increasing transforms of the reward.
 *
 * - `lower`: L = (N−1)·E[log F(r(y))] − KL(π‖p_ref), here divided by N−1: reward log F̂, KL coefficient β = 1/(N−1).
 * - `exact`: J = −KL(π‖π_bon) = E[log(π_bon/p_ref)] − KL(π‖p_ref), whose optimum is best-of-N itself; ties are handled.
 *   J ≥ L + log N.
 *
 * The expected update is the gradient of L/(N−1) or J for the F that the cache holds; what the cache's smoothing does to F is
 * documented at `logCdfReward` and `logTiltReward`.
 *
 * @returns a row that reshapes the reward; the reference must be the policy that the cache was drawn from
 * @throws PosttrainError `invalid-argument` for an N that is not above 1; its shape for a cache of another reward
 * @example
 * ```ts
 * const cache = { reward: 'r', count: 1, seed: 0, tasks: [] }
 * variationalBestOfN({ n: 5, cache }).kl!.coefficient // => 0.25
 * ```
 */
export function variationalBestOfN(options: VariationalBestOfNOptions): Algorithm {
  const { n, bound = 'lower', cache } = options
  requireFinite('n', n)
  if (n <= 1) throw invalidArgument(`n must be above 1, but is ${n}`, 'best of 1 is the reference itself')
  if (bound !== 'lower' && bound !== 'exact')
    throw invalidArgument(`bound must be lower or exact, but is ${String(bound)}`)
  const paper = 'https://arxiv.org/abs/2407.06057'
  return bound === 'lower'
    ? klRegularised({
        name: 'vbon',
        paper,
        coefficient: 1 / (n - 1),
        shape: (reward) => logCdfReward(requireRewardsOf(reward, cache), cache),
      })
    : klRegularised({
        name: 'vbon-exact',
        paper,
        coefficient: 1,
        shape: (reward) => logTiltReward(requireRewardsOf(reward, cache), cache, n),
      })
}

/**
 * The N that a KL coefficient stands for in the lower bound: N = 1/β + 1.
 *
 * @throws PosttrainError `invalid-argument` for a β that is not above 0
 * @example
 * ```ts
 * bestOfNForBeta(0.005) // => 201
 * ```
 */
export function bestOfNForBeta(beta: number): number {
  requireFinite('beta', beta)
  if (beta <= 0) throw invalidArgument(`beta must be above 0, but is ${beta}`)
  return 1 / beta + 1
}
