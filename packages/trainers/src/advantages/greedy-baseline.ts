import { invalidArgument } from '@posttrain/core'
import type { AdvantageEstimator } from './advantage-estimator.js'

/**
 * Rewards against that of the most likely completion, rᵢ − r(greedy): unbiased, because the baseline does not depend on
 * what was sampled. One more completion per prompt is drawn.
 *
 * SCST, Rennie et al. 2017, https://arxiv.org/abs/1612.00563; ReMax, Li et al. 2023, https://arxiv.org/abs/2310.10505
 *
 * @example
 * ```ts
 * greedyBaseline().needs // => ['greedy']
 * ```
 */
export const greedyBaseline = (): AdvantageEstimator => ({
  name: 'greedy baseline',
  target: 'mean',
  minimumSamples: 1,
  needs: ['greedy'],
  bias: () => ({ kind: 'exact' }),
  advantages: (groups) =>
    groups.map(({ task, outcomes, greedy }) => {
      if (!greedy) throw invalidArgument(`the most likely completion of task ${task.id} has no outcome`)
      return { advantages: outcomes.map(({ reward }) => reward - greedy.reward) }
    }),
})
