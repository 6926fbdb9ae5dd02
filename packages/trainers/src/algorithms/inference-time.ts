import type { Objective } from '@posttrain/core'
import {
  centredAdvantages,
  passAtKObjective,
  passAtKTrainingAdvantages,
  standardisedAdvantages,
} from '@posttrain/estimators'
import { invalidArgument, requireInteger } from '@posttrain/core'
import type { AdvantageRule } from '../advantages/advantage-rule.js'
import { bestOfNAwareAdvantages } from '../advantages/best-of-n-aware.js'
import { advantagesOf } from '../advantages/of-objective.js'
import { passAtKBootstrapAdvantages } from '../advantages/pass-at-k-bootstrap.js'
import { passAtKPartitionAdvantages } from '../advantages/pass-at-k-partition.js'
import { tokenMean } from '../aggregation.js'
import { ppoClipLoss, type PpoClipOptions } from '../losses/ppo-clip.js'
import type { Algorithm } from './algorithm.js'
import { policyGradient } from './policy-gradient.js'

/** The k of an inference procedure. */
export interface KOptions {
  readonly k: number
}

/** How Pass@k Training gets at its advantages. */
export interface PassAtKTrainingRowOptions extends KOptions {
  /**
   * `analytic` (default): the closed form. `partition`: the group cut into groups of k. `bootstrap`: random groups of k, drawn
   * with the given seed.
   */
  readonly form?: 'analytic' | 'partition' | { readonly bootstrapSeed: number }
}

/** Pass@k Training, Chen et al. 2025, in its three forms: pass@k with prompts weighted by 1/σ; a mean over tokens, clip-higher. */
export const passAtKTraining = ({ k, form = 'analytic' }: PassAtKTrainingRowOptions): Algorithm => ({
  ...policyGradient(passAtKObjective({ k })),
  name: `pass@${k}-training${form === 'analytic' ? '' : form === 'partition' ? ', partition' : ', bootstrap'}`,
  paper: 'https://arxiv.org/abs/2508.10751',
  advantages:
    form === 'analytic'
      ? perSample(advantagesOf(passAtKTrainingAdvantages({ k })))
      : form === 'partition'
        ? passAtKPartitionAdvantages({ k })
        : passAtKBootstrapAdvantages({ k, seed: form.bootstrapSeed }),
  loss: ppoClipLoss({ clipLow: 0.2, clipHigh: 0.28 }),
  aggregation: tokenMean(),
})

/** The published analytic form has no 1/n in it; a rule's advantages add up over the group. */
const perSample = (rule: AdvantageRule): AdvantageRule => ({
  ...rule,
  assign: (groups) =>
    rule.assign(groups).map(({ advantages }) => ({ advantages: advantages.map((a) => Number(a) / advantages.length) })),
})

/** BoN-RLB, Chow et al. 2024: training on what best-of-n with a verifier would choose, failure estimated from the group. */
export const bestOfNAware = ({ k }: KOptions): Algorithm => ({
  ...policyGradient(passAtKObjective({ k })),
  name: `best-of-${k} aware`,
  paper: 'https://arxiv.org/abs/2412.15287',
  advantages: bestOfNAwareAdvantages({ n: k }),
})

/** The centred variant of an objective's policy gradient, Tang et al. 2025: less variance where it helps, and biased. */
export const centred = (objective: Objective): Algorithm => ({
  ...policyGradient(objective),
  name: `centred ${objective.name}`,
  advantages: advantagesOf(centredAdvantages(objective)),
})

/** An objective's advantages divided by the deviation of the group's rewards, as GRPO does with those of the mean: biased. */
export const standardised = (objective: Objective): Algorithm => ({
  ...policyGradient(objective),
  name: `standardised ${objective.name}`,
  advantages: advantagesOf(standardisedAdvantages(objective)),
})

/** How often samples are used inside PPO. */
export interface InsidePpoOptions extends PpoClipOptions {
  /** Default 2. */
  readonly epochs?: number
}

/**
 * An algorithm's advantages in PPO's clipped surrogate, so that samples can be used more than once. The ratio of each token stands for the
 * product over all k samples that would be exact: the first update is the algorithm's own, later ones are the usual approximation.
 *
 * @example
 * ```ts
 * import { passAtKObjective } from '@posttrain/estimators'
 *
 * insidePpo(policyGradient(passAtKObjective({ k: 4 }))).name // => 'pass@4 inside ppo'
 * ```
 */
export const insidePpo = (algorithm: Algorithm, { epochs = 2, ...clip }: InsidePpoOptions = {}): Algorithm => ({
  ...algorithm,
  name: `${algorithm.name} inside ppo`,
  loss: ppoClipLoss(clip),
  flow: { ...algorithm.flow, epochs },
})

/** An algorithm until a step. */
export interface Stage {
  readonly algorithm: Algorithm
  /** First step that follows the next stage; of the last stage absent. */
  readonly until?: number
}

/**
 * One algorithm after another, for instance pass@8, then pass@4, then the mean: annealing of k, which PKPO (https://arxiv.org/abs/2505.15201)
 * and Pass@k Training both found to keep the gain at k without losing at 1.
 *
 * @throws PosttrainError `invalid-argument` for stages that do not follow one another
 * @example
 * ```ts
 * import { meanObjective, passAtKObjective } from '@posttrain/estimators'
 *
 * const mean = policyGradient(meanObjective())
 * const schedule = stages([{ algorithm: policyGradient(passAtKObjective({ k: 8 })), until: 100 }, { algorithm: mean }])
 * schedule(100).name // => 'mean'
 * ```
 */
export function stages(list: readonly Stage[]): (step: number) => Algorithm {
  const last = list.at(-1)
  if (!last) throw invalidArgument('stages is empty')
  list.forEach(({ until }, i) => {
    const isLast = i === list.length - 1
    if (isLast !== (until === undefined))
      throw invalidArgument('every stage but the last needs until, the last must not have it')
    if (until !== undefined) requireInteger('until', until, { min: (list[i - 1]?.until ?? 0) + 1 })
  })
  return (step) => (list.find(({ until }) => until !== undefined && step < until) ?? last).algorithm
}
