import { inLoss } from './in-loss.js'
import { inReward } from './in-reward.js'
import type { KlPlacement } from './kl-placement.js'
import { ratioWeighted } from './ratio-weighted.js'

/** verl clamps its k3: the log-ratio to ±20, the value to ±10. */
const verlK3 = { value: 'k3', clamp: { logRatio: 20, value: 10 } } as const

/** A choice of another trainer, by that trainer's option names. */
export type TrainerChoice =
  | 'trl GRPOConfig.beta'
  | 'trl GRPOConfig.beta with use_bias_correction_kl'
  | 'trl RLOOConfig.beta'
  | 'trl PPOConfig.kl_estimator=k1'
  | 'trl PPOConfig.kl_estimator=k3'
  | 'verl kl_loss_type=kl'
  | 'verl kl_loss_type=abs'
  | 'verl kl_loss_type=mse'
  | 'verl kl_loss_type=low_var_kl'
  | 'verl kl_loss_type=kl+'
  | 'verl kl_loss_type=abs+'
  | 'verl kl_loss_type=low_var_kl+'
  | 'verl kl_penalty=kl'
  | 'verl kl_penalty=abs'
  | 'verl kl_penalty=mse'
  | 'verl kl_penalty=low_var_kl'

/**
 * What other trainers' options do, under the names those options have: TRL (https://huggingface.co/docs/trl) and verl
 * (https://verl.readthedocs.io). Each `gradient` says what the choice really optimises. TRL's names are those of 1.16,
 * except for `PPOConfig`: that is of the releases that had a PPO trainer with `kl_estimator`, which 1.16 has not.
 *
 * How tokens are averaged into a batch loss is the trainer's; these are sums over one sample's tokens.
 *
 * @example
 * ```ts
 * describeGradient(trainerChoices['trl GRPOConfig.beta'].gradient) // => 'next-token forward-KL, prefixes fixed'
 * ```
 */
export const trainerChoices: Readonly<Record<TrainerChoice, KlPlacement>> = {
  'trl GRPOConfig.beta': inLoss({ value: 'k3' }),
  'trl GRPOConfig.beta with use_bias_correction_kl': ratioWeighted({ value: 'k3' }),
  'trl RLOOConfig.beta': inReward({ value: 'k1', level: 'sequence' }),
  'trl PPOConfig.kl_estimator=k1': inReward({ value: 'k1' }),
  'trl PPOConfig.kl_estimator=k3': inReward({ value: 'k3' }),
  'verl kl_loss_type=kl': inLoss({ value: 'k1', allowZeroGradient: true }),
  'verl kl_loss_type=abs': inLoss({ value: 'abs' }),
  'verl kl_loss_type=mse': inLoss({ value: 'k2' }),
  'verl kl_loss_type=low_var_kl': inLoss(verlK3),
  'verl kl_loss_type=kl+': inLoss({ value: 'k2', report: { value: 'k1' } }),
  'verl kl_loss_type=abs+': inLoss({ value: 'k2', report: { value: 'abs' } }),
  'verl kl_loss_type=low_var_kl+': inLoss({ value: 'k2', report: verlK3 }),
  'verl kl_penalty=kl': inReward({ value: 'k1' }),
  'verl kl_penalty=abs': inReward({ value: 'abs' }),
  'verl kl_penalty=mse': inReward({ value: 'k2' }),
  'verl kl_penalty=low_var_kl': inReward(verlK3),
}
