import { requireInteger, requireOneOf, type Objective, type ObjectiveProcedure } from '@posttrain/core'
import {
  centredAdvantages,
  passAtKObjective,
  passAtKTrainingAdvantages,
  standardisedAdvantages,
} from '@posttrain/estimators'
import { ppoClipLoss, tokenMean } from '@posttrain/losses'
import { advantagesOf } from '../advantages/advantages-of.js'
import { bestOfNAwareAdvantages, type BestOfNAwareOptions } from '../advantages/best-of-n-aware.js'
import { passAtKBootstrapAdvantages } from '../advantages/pass-at-k-bootstrap.js'
import { passAtKPartitionAdvantages } from '../advantages/pass-at-k-partition.js'
import type { Algorithm } from './algorithm.js'
import { goalOf, policyGradient } from './policy-gradient.js'

/**
 * Pass@k Training, Chen et al. 2025, in its three forms: pass@k with prompts weighted by 1/σ; a mean over tokens,
 * clip-higher.
 */
export function passAtKTraining({
  k,
  form = 'analytic',
}: {
  readonly k: number
  /**
   * `analytic` (default): the closed form. `partition`: the group cut into groups of k. Otherwise random groups of k,
   * drawn with the given seed.
   */
  readonly form?: 'analytic' | 'partition' | { readonly bootstrapSeed: number } | undefined
}): Algorithm {
  const row = {
    ...policyGradient(passAtKObjective({ k })),
    paper: 'https://arxiv.org/abs/2508.10751',
    loss: ppoClipLoss({ clipLow: 0.2, clipHigh: 0.28 }),
    aggregation: tokenMean(),
  }
  if (typeof form === 'string') requireOneOf('form', form, ['analytic', 'partition'])
  const name = `pass@${k}-training`
  if (form === 'analytic') return { ...row, name, advantages: advantagesOf(passAtKTrainingAdvantages({ k })) }
  if (form === 'partition') return { ...row, name: `${name}, partition`, advantages: passAtKPartitionAdvantages({ k }) }
  const seed = requireInteger('form.bootstrapSeed', form.bootstrapSeed)
  const advantages = passAtKBootstrapAdvantages({ k, seed })
  return { ...row, name: `${name}, bootstrap`, advantages }
}

/**
 * BoN-RLB, Chow et al. 2024: training on what best-of-n with a verifier would choose, failure known or estimated from
 * the group.
 */
export function bestOfNAware(options: BestOfNAwareOptions): Algorithm {
  const advantages = bestOfNAwareAdvantages(options)
  return {
    ...policyGradient(passAtKObjective({ k: options.n })),
    name: `best-of-${options.n} aware`,
    paper: 'https://arxiv.org/abs/2412.15287',
    advantages,
  }
}

/** The centred variant of a goal's policy gradient, Tang et al. 2025: less variance where it helps, and biased. */
export function centred(goal: Objective | ObjectiveProcedure): Algorithm {
  const { objective } = goalOf(goal)
  return {
    ...policyGradient(goal),
    name: `centred ${objective.name}`,
    advantages: advantagesOf(centredAdvantages(objective)),
  }
}

/** A goal's advantages divided by the deviation of the group's rewards, as GRPO does with those of the mean: biased. */
export function standardised(goal: Objective | ObjectiveProcedure): Algorithm {
  const { objective } = goalOf(goal)
  return {
    ...policyGradient(goal),
    name: `standardised ${objective.name}`,
    advantages: advantagesOf(standardisedAdvantages(objective)),
  }
}
