import { keepAllCorrect, keepBest, keepDistinct, keepOnePerTask, type KeepRule } from './keep-rules.js'

/**
 * A self-improvement algorithm as a composition: what each round keeps of the policy's own samples, and which weights then learn
 * from it. A new one is made by changing a cell: `{ ...restEm(), from: 'current' }`.
 */
export interface SelfImprovement {
  readonly name: string
  /** Where it was published. */
  readonly paper: string
  /** Weights that a round trains: those that the first round began with, or those of the round before. */
  readonly from: 'base' | 'current'
  readonly keep: KeepRule
  /** True if tasks of which nothing was kept are tried again with a hint, and learned without it. */
  readonly rationalise: boolean
}

/**
 * Rejection-sampling fine-tuning: distinct correct samples, learned from the base; one round as published, beside the original
 * data, which `replay` mixes in.
 *
 * Yuan et al. 2023, https://arxiv.org/abs/2308.01825
 *
 * @example
 * ```ts
 * rejectionSamplingFineTuning().keep.name // => 'distinct correct'
 * ```
 */
export const rejectionSamplingFineTuning = (): SelfImprovement => ({
  name: 'rft',
  paper: 'https://arxiv.org/abs/2308.01825',
  from: 'base',
  keep: keepDistinct(),
  rationalise: false,
})

/**
 * STaR, the self-taught reasoner: a correct rationale per task; tasks without one are tried again with the answer as a hint
 * (rationalisation); learned from the base. As published with one, most likely sample per task; here samples are random.
 *
 * Zelikman et al. 2022, https://arxiv.org/abs/2203.14465
 *
 * @example
 * ```ts
 * star().rationalise // => true
 * ```
 */
export const star = (): SelfImprovement => ({
  name: 'star',
  paper: 'https://arxiv.org/abs/2203.14465',
  from: 'base',
  keep: keepOnePerTask(),
  rationalise: true,
})

/**
 * ReST-EM: every correct sample, learned from the base each round. As published with at most ten samples kept per task; here all,
 * which is what makes the update that of the mean reward.
 *
 * Singh et al. 2023, https://arxiv.org/abs/2312.06585
 *
 * @example
 * ```ts
 * restEm().keep.bias(8) // => { kind: 'exact' }
 * ```
 */
export const restEm = (): SelfImprovement => ({
  name: 'rest-em',
  paper: 'https://arxiv.org/abs/2312.06585',
  from: 'base',
  keep: keepAllCorrect(),
  rationalise: false,
})

/**
 * Expert iteration with best-of-n as the expert: the best sample per task, imitated by the present weights. As published, the expert
 * is a tree search. Of a task that was failed throughout it imitates a failure; `keepBest(1)` leaves such tasks out.
 *
 * Anthony et al. 2017, https://arxiv.org/abs/1705.08439
 *
 * @example
 * ```ts
 * expertIteration().from // => 'current'
 * ```
 */
export const expertIteration = (): SelfImprovement => ({
  name: 'expert-iteration',
  paper: 'https://arxiv.org/abs/1705.08439',
  from: 'current',
  keep: keepBest(),
  rationalise: false,
})

/** The table of self-improvement algorithms, by name. */
export const selfImprovementAlgorithms: Readonly<Record<string, () => SelfImprovement>> = {
  rft: rejectionSamplingFineTuning,
  star,
  'rest-em': restEm,
  'expert-iteration': expertIteration,
}
