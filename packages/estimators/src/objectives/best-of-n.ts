import { requireInteger } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import { choosingObjective } from './choosing-objective.js'
import { choosingValues } from './choosing-values.js'

/** What best-of-n chooses from, and by what. */
export interface BestOfNObjectiveOptions {
  /** Samples the deployed procedure chooses from. */
  readonly n: number
  /** Name of the part that it chooses by, for instance a reward model's. Absent: it chooses by the reward itself. */
  readonly by?: string | undefined
}

/**
 * The expected reward of the sample with the highest `parts[by]` among n, ties shared, with leave-one-out advantages
 * averaged exactly over all n-subsets that contain the sample.
 *
 * Only the generator is trained: what chooses is not differentiated. A sample whose part is null cannot be chosen, and
 * where nothing can be chosen the procedure abstains, which is worth 0. Without `by` it is max@n.
 *
 * @param options n, and the part that decides
 * @returns an objective named `best-of-N` or `best-of-N by NAME`; its functions throw for an outcome that lacks the
 *   part
 * @throws PosttrainError `invalid-argument` for an n that is not a positive integer, or an empty name of a part
 * @example
 * ```ts
 * const scores = [[1, 0.1], [0, 0.9], [1, 0.4]] as const
 * const outcomes = scores.map(([reward, judge]) => ({ kind: 'scored' as const, reward, parts: { judge } }))
 * bestOfNObjective({ n: 2, by: 'judge' }).estimate(outcomes) // => 0.3333
 * ```
 */
export function bestOfNObjective({ n, by }: BestOfNObjectiveOptions): Objective {
  requireInteger('n', n, { min: 1 })
  return choosingObjective({
    name: `best-of-${n}`,
    k: n,
    by,
    scores(outcomes) {
      const { values, rewards } = choosingValues(outcomes, by)
      // What cannot be chosen ranks below everything and is worth nothing: a choice among such alone is the abstention.
      return {
        proxy: Float64Array.from(values, (value) => value ?? -Infinity),
        gold: rewards.map((reward, i) => (values[i] === null ? 0 : reward)),
      }
    },
  })
}
