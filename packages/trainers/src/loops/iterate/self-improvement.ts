import { keepAllCorrect, keepBest, keepDistinct, keepOnePerTask, type KeepRule } from './keep-rules.js'

/**
 * A self-improvement algorithm as a composition: what each round keeps of the policy's own samples, and which weights
 * then learn from it. A new one is made by changing a cell: `{ ...selfImprovement['rest-em'], from: 'current' }`.
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
 * The named self-improvement algorithms.
 *
 * - `rft`: distinct correct samples, learned from the base; one round as published, beside the original data, which
 *   `replay` mixes in (Yuan et al. 2023, https://arxiv.org/abs/2308.01825).
 * - `star`: a correct rationale per task; tasks without one are tried again with the answer as a hint; learned from the
 *   base. As published with one, most likely sample per task; here samples are random (Zelikman et al. 2022,
 *   https://arxiv.org/abs/2203.14465).
 * - `rest-em`: every correct sample, learned from the base each round. As published with at most ten samples kept per
 *   task; here all, which is what makes the update that of the mean reward (Singh et al. 2023,
 * https://arxiv.org/abs/2312.06585).
 * - `expert-iteration`: the best sample per task, imitated by the present weights. As published, the expert is a tree
 *   search. Of a task that was failed throughout it imitates a failure; `keepBest(1)` leaves such tasks out (Anthony et
 *   al. 2017, https://arxiv.org/abs/1705.08439).
 *
 * @example
 * ```ts
 * selfImprovement.rft.keep.name // => 'distinct correct'
 * selfImprovement['rest-em'].keep.bias(8) // => { kind: 'exact' }
 * ```
 */
export const selfImprovement: Readonly<Record<'rft' | 'star' | 'rest-em' | 'expert-iteration', SelfImprovement>> = {
  rft: {
    name: 'rft',
    paper: 'https://arxiv.org/abs/2308.01825',
    from: 'base',
    keep: keepDistinct(),
    rationalise: false,
  },
  star: {
    name: 'star',
    paper: 'https://arxiv.org/abs/2203.14465',
    from: 'base',
    keep: keepOnePerTask(),
    rationalise: true,
  },
  'rest-em': {
    name: 'rest-em',
    paper: 'https://arxiv.org/abs/2312.06585',
    from: 'base',
    keep: keepAllCorrect(),
    rationalise: false,
  },
  'expert-iteration': {
    name: 'expert-iteration',
    paper: 'https://arxiv.org/abs/1705.08439',
    from: 'current',
    keep: keepBest(),
    rationalise: false,
  },
}
