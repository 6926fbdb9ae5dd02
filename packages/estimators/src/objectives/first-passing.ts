import { requireFinite, type Objective } from '@posttrain/core'
import { choosingObjective } from './choosing-objective.js'
import { choosingValues } from './choosing-values.js'

/** How many samples are drawn, and what they must pass. */
export interface FirstPassingObjectiveOptions {
  /** Samples the deployed procedure draws at most. */
  readonly k: number
  /**
   * Name of the part that decides, for instance that of a program's visible tests. Absent: the reward itself decides.
   */
  readonly by?: string | undefined
  /** What passes is worth at least this much, for instance of a reward model (default 1, a verifier's). */
  readonly threshold?: number | undefined
}

/**
 * The expected reward of the first of k samples whose `parts[by]` is at least the threshold, and 0 where none passes,
 * with leave-one-out advantages averaged exactly over all k-subsets that contain the sample.
 *
 * The first passing one of exchangeable samples is any of those that pass alike: it is best-of-k with 1{passes} as
 * proxy and reward·1{passes} as gold. A sample whose part is null does not pass. Without `by`, and for rewards of 0 and
 * 1, it is pass@k.
 *
 * @param options k, the part that decides, and what passes
 * @returns an objective named `first-passing@K`, then `≥THRESHOLD` where that is not 1, then ` by NAME`; its functions
 *   throw for an outcome that lacks the part
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer, a threshold that is not finite, or
 *   an empty name of a part
 * @example
 * ```ts
 * const scores = [[1, 1], [0, 1], [1, 0]] as const
 * const outcomes = scores.map(([reward, tests]) => ({ kind: 'scored' as const, reward, parts: { tests } }))
 * firstPassingObjective({ k: 2, by: 'tests' }).estimate(outcomes) // => 0.5
 * ```
 */
export function firstPassingObjective({ k, by, threshold = 1 }: FirstPassingObjectiveOptions): Objective {
  requireFinite('threshold', threshold)
  return choosingObjective({
    name: `first-passing@${k}${threshold === 1 ? '' : `≥${threshold}`}`,
    k,
    by,
    scores(outcomes) {
      const { values, rewards } = choosingValues(outcomes, by)
      const passes = Float64Array.from(values, (value) => Number(value !== null && value >= threshold))
      return { proxy: passes, gold: rewards.map((reward, i) => reward * passes[i]!) }
    },
  })
}
