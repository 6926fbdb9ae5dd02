import type { Objective, ObjectiveProcedure } from '@posttrain/core'
import { policyGradientLoss, sequenceSum } from '@posttrain/losses'
import { advantagesOf } from '../advantages/advantages-of.js'
import type { Algorithm } from './algorithm.js'

/** The objective of a goal, and the reading that comes with it. */
export const goalOf = (goal: Objective | ObjectiveProcedure): Pick<Algorithm, 'objective' | 'reading'> =>
  'objective' in goal ? { objective: goal.objective, reading: goal } : { objective: goal }

/**
 * The exact policy gradient of an objective, or of a procedure's: its unbiased advantages, summed over tokens, averaged
 * over prompts. The expected update is the gradient of the objective's mean over prompts (Tang et al. 2025,
 * https://arxiv.org/abs/2503.19595).
 *
 * @param goal a procedure also says how answers are read and chosen
 *
 * @example
 * ```ts
 * import { passAtKObjective } from '@posttrain/estimators'
 *
 * policyGradient(passAtKObjective({ k: 8 })).name // => 'pass@8'
 * ```
 */
export function policyGradient(goal: Objective | ObjectiveProcedure): Algorithm {
  const { objective, reading } = goalOf(goal)
  return {
    name: objective.name,
    paper: 'https://arxiv.org/abs/2503.19595',
    objective,
    reading,
    advantages: advantagesOf(objective),
    loss: policyGradientLoss(),
    aggregation: sequenceSum(),
  }
}
