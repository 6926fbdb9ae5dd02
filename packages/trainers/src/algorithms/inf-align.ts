import { invalidArgument, requireFinite } from '@posttrain/core'
import { calibratedReward } from '../rewards/calibrated-reward.js'
import type { ReferenceRewards } from '../rewards/reference-rewards.js'
import { transformReward } from '../rewards/transform-reward.js'
import type { Algorithm } from './algorithm.js'
import { onReferenceRanks } from './on-reference-ranks.js'

/**
 * InfAlign-CTRL: calibrate, transform, regularise (Balashankar et al. 2024, https://arxiv.org/abs/2412.19792).
 * KL-regularised RL with the reward exp(t·Ĉ) for t > 0 and −exp(t·Ĉ) for t < 0, Ĉ as in `calibratedReward`.
 *
 * Its optimum is ∝ p_ref·exp(reward/β). Ĉ is unbiased, exp(t·Ĉ) is not: with M samples its mean is
 * (P(>) + P(=)·e^{t/2M} + P(<)·e^{t/M})ᴹ, by how a sample of the reference compares with the answer, which is
 * exp(t·C)·(1 + t²·v/(2M)) to first order, v = P(<) + P(=)/4 − C².
 *
 * @returns a row that transforms the reward; the reference must be the policy that the rewards were drawn from
 * @throws PosttrainError `invalid-argument` for a t of 0 or a β that is not above 0
 * @example
 * ```ts
 * infAlign({ t: 10, klCoefficient: 0.1 }).kl!.coefficient // => 0.1
 * ```
 */
export function infAlign({
  t,
  klCoefficient,
  referenceRewards,
}: {
  /** Exponent, not 0: above for best-of-N, below for worst-of-N, as when many attempts are made to get a bad answer. */
  readonly t: number
  /** β, above 0. */
  readonly klCoefficient: number
  /**
   * Of the reference's samples for every training task. Without them the row can be looked at, and a run is refused.
   */
  readonly referenceRewards?: ReferenceRewards | undefined
}): Algorithm {
  requireFinite('t', t)
  requireFinite('klCoefficient', klCoefficient, { above: 0 })
  if (t === 0)
    throw invalidArgument('t is 0, which makes every answer alike', 'use t > 0 for best-of-N, t < 0 for worst-of-N')
  return onReferenceRanks({
    name: 'infalign',
    paper: 'https://arxiv.org/abs/2412.19792',
    klCoefficient,
    referenceRewards,
    transform(reward, rewards) {
      const calibrated = calibratedReward(reward, rewards)
      const name = `${t < 0 ? '−' : ''}exp(${t}·${calibrated.name})`
      return transformReward(calibrated, name, () => (c) => Math.sign(t) * Math.exp(t * c))
    },
  })
}
