import { meanObjective } from '@posttrain/estimators'
import { inReward } from '@posttrain/kl'
import { policyGradientLoss, sequenceSum } from '@posttrain/losses'
import { advantagesOf } from '../advantages/advantages-of.js'
import type { Algorithm, KlPenalty } from './algorithm.js'
import { requireKlCoefficient } from './kl-coefficient.js'

/**
 * Maximises E[R] − β·KL(π‖reference) by its exact policy gradient: leave-one-out advantages of R − β·log(π/reference).
 * Its optimum is ∝ reference·exp(R/β). Variational best-of-N, the backward part of BOND and InfAlign are this with an R
 * of their own.
 *
 * Ziegler et al. 2019, https://arxiv.org/abs/1909.08593
 *
 * @throws PosttrainError `invalid-argument` for a β below 0
 * @example
 * ```ts
 * klRegularised({ klCoefficient: 0.1 }).kl!.placement.places // => ['reward']
 * ```
 */
export const klRegularised = ({
  klCoefficient,
}: {
  /** β, at least 0. */
  readonly klCoefficient: KlPenalty['coefficient']
}): Algorithm => ({
  name: 'kl-rl',
  paper: 'https://arxiv.org/abs/1909.08593',
  objective: meanObjective(),
  advantages: advantagesOf(meanObjective()),
  loss: policyGradientLoss(),
  aggregation: sequenceSum(),
  kl: { placement: inReward({ value: 'k1', level: 'sequence' }), coefficient: requireKlCoefficient(klCoefficient) },
})
