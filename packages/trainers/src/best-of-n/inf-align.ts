import { invalidArgument, requireFinite, type RewardFunction } from '@posttrain/core'
import type { Algorithm } from '../algorithms/algorithm.js'
import { klRegularised } from '../algorithms/kl-regularised.js'
import { perTask, rankOf, requireRewardsOf, type ReferenceRewards } from './reference-rewards.js'
import { transformReward } from './transform-reward.js'

/**
 * Ĉ(y) = #{rⱼ ≤ r(y)}/M, the share of the reference's M samples that are not better: an unbiased estimate of the calibrated reward
 * P(r′ ≤ r(y)) of InfAlign (Balashankar et al. 2024, https://arxiv.org/abs/2412.19792).
 *
 * @throws PosttrainError `invalid-argument` when it scores a task that is not in the cache
 * @example
 * ```ts
 * const reward: RewardFunction = { name: 'r', score: async () => [{ kind: 'scored', reward: 0 }] }
 * const cache = { reward: 'r', count: 4, seed: 0, tasks: [{ task: 'a', rewards: [-1, 0, 0.5, 2], unscored: 0 }] }
 * const [outcome] = await calibratedReward(reward, cache).score({ id: 'a', prompt: '' }, [])
 * outcome // => { kind: 'scored', reward: 0.5 }
 * ```
 */
export const calibratedReward = (reward: RewardFunction, cache: ReferenceRewards): RewardFunction =>
  transformReward(
    reward,
    `calibrated ${reward.name}`,
    perTask(cache, (sorted) => (t) => {
      const { below, equal } = rankOf(sorted, t)
      return (below + equal) / sorted.length
    }),
  )

/** What InfAlign is aligned for. */
export interface InfAlignOptions {
  /** Rewards of the reference's samples for every training task. */
  readonly cache: ReferenceRewards
  /** Exponent, not 0: above for best-of-N, below for worst-of-N, as when many attempts are made to get a bad answer. */
  readonly t: number
  /** KL coefficient, above 0. */
  readonly beta: number
}

/**
 * InfAlign-CTRL: calibrate, transform, regularise (Balashankar et al. 2024, https://arxiv.org/abs/2412.19792). KL-regularised RL with
 * the reward exp(t·Ĉ) for t > 0 and −exp(t·Ĉ) for t < 0, Ĉ as in `calibratedReward`.
 *
 * Its optimum is ∝ p_ref·exp(reward/β). Ĉ is unbiased, exp(t·Ĉ) is not: with M samples its mean is (1 − C + C·e^{t/M})ᴹ, which is
 * exp(t·C)·(1 + t²·C(1−C)/(2M)) to first order.
 *
 * @returns a row that reshapes the reward; the reference must be the policy that the cache was drawn from
 * @throws PosttrainError `invalid-argument` for a t of 0 or a β that is not above 0
 * @example
 * ```ts
 * const cache = { reward: 'r', count: 1, seed: 0, tasks: [] }
 * infAlign({ cache, t: 10, beta: 0.1 }).kl!.coefficient // => 0.1
 * ```
 */
export function infAlign({ cache, t, beta }: InfAlignOptions): Algorithm {
  requireFinite('t', t)
  requireFinite('beta', beta)
  if (t === 0)
    throw invalidArgument('t is 0, which makes every answer alike', 'use t > 0 for best-of-N, t < 0 for worst-of-N')
  if (beta <= 0) throw invalidArgument(`beta must be above 0, but is ${beta}`)
  return klRegularised({
    name: 'infalign',
    paper: 'https://arxiv.org/abs/2412.19792',
    coefficient: beta,
    shape: (reward) => {
      const calibrated = calibratedReward(requireRewardsOf(reward, cache), cache)
      const name = `${t < 0 ? '−' : ''}exp(${t}·${calibrated.name})`
      return transformReward(calibrated, name, () => (c) => Math.sign(t) * Math.exp(t * c))
    },
  })
}
