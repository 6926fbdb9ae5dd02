import type { RewardFunction } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import { inReward } from '@posttrain/kl'
import { sequenceSum } from '../aggregation.js'
import { advantagesOf } from '../advantages/of-objective.js'
import { policyGradientLoss } from '../losses/policy-gradient.js'
import type { Algorithm } from './algorithm.js'

/** Settings of KL-regularised RL. */
export interface KlRegularisedOptions {
  /** β. */
  readonly coefficient: number
  readonly name?: string
  readonly paper?: string
  /** What is made of the task's reward. */
  readonly shape?: (reward: RewardFunction) => RewardFunction
}

/**
 * Maximises E[R] − β·KL(π‖reference) by its exact policy gradient: leave-one-out advantages of R − β·log(π/reference). Its optimum is
 * ∝ reference·exp(R/β). Variational best-of-N, the backward part of BOND and InfAlign are this with an R of their own.
 *
 * Ziegler et al. 2019, https://arxiv.org/abs/1909.08593
 *
 * @example
 * ```ts
 * klRegularised({ coefficient: 0.1 }).kl!.credit // => 'reward'
 * ```
 */
export const klRegularised = (options: KlRegularisedOptions): Algorithm => {
  const { coefficient, name = 'kl-rl', paper = 'https://arxiv.org/abs/1909.08593', shape } = options
  return {
    name,
    paper,
    objective: meanObjective(),
    ...(shape ? { shape } : {}),
    advantages: advantagesOf(meanObjective()),
    loss: policyGradientLoss(),
    aggregation: sequenceSum(),
    kl: { placement: inReward({ value: 'k1', level: 'sequence' }), coefficient, credit: 'reward' },
  }
}
