import type { Objective } from '@posttrain/core'
import { advantagesOf } from '../advantages/of-objective.js'
import { sequenceSum } from '../aggregation.js'
import { policyGradientLoss } from '../losses/policy-gradient.js'
import type { Algorithm } from './algorithm.js'

/**
 * The exact policy gradient of any objective of k samples: Σᵢ Aᵢ·∇log π(yᵢ) with the objective's unbiased advantages.
 *
 * Tang et al. 2025, https://arxiv.org/abs/2503.19595
 *
 * @param objective `procedure.objective`, or one of `@posttrain/estimators`
 * @example
 * ```ts
 * import { passAtKObjective } from '@posttrain/estimators'
 *
 * policyGradient(passAtKObjective({ k: 8 })).name // => 'pass@8'
 * ```
 */
export const policyGradient = (objective: Objective): Algorithm => ({
  name: objective.name,
  paper: 'https://arxiv.org/abs/2503.19595',
  objective,
  advantages: advantagesOf(objective),
  loss: policyGradientLoss(),
  aggregation: sequenceSum(),
})
