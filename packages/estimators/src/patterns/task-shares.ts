import { sum } from '@posttrain/core'
import type { PatternCount, PatternCounts } from './pattern-counts.js'

/** One pattern's part of every task. */
export interface TaskShares {
  /** (tasks): share of the task's samples. */
  readonly shares: Float64Array
  /** (tasks): reward earned by them, divided by all the task's samples. */
  readonly earned: Float64Array
  /** Sums of both. */
  readonly share: number
  readonly earning: number
  /** Tasks that have the pattern. */
  readonly seen: number
}

/** A pattern's part of each task; 0 where it was not seen. */
export function taskShares(tasks: readonly PatternCounts[], pattern: string | undefined): TaskShares {
  const part = (of: (count: PatternCount) => number): Float64Array =>
    Float64Array.from(tasks, (counts) => {
      const count = counts.get(pattern)
      return count === undefined ? 0 : of(count) / sum(Array.from(counts.values(), ({ samples }) => samples))
    })
  const shares = part(({ samples }) => samples)
  const earned = part(({ reward }) => reward)
  const seen = tasks.filter((counts) => counts.has(pattern)).length
  return { shares, earned, share: sum(shares), earning: sum(earned), seen }
}

/** A pattern's share and success, undefined where it was not seen, over all tasks or all but one. */
export interface PatternPart {
  readonly share: number
  readonly success: number | undefined
}

/** The part over all tasks; given `without`, over all but that one. */
export function patternPart({ shares, earned, share, earning, seen }: TaskShares, without?: number): PatternPart {
  if (without === undefined) return { share: share / shares.length, success: seen === 0 ? undefined : earning / share }
  const own = shares[without]!
  if (seen === (own > 0 ? 1 : 0)) return { share: 0, success: undefined } // a difference of sums is not exactly 0
  return { share: (share - own) / (shares.length - 1), success: (earning - earned[without]!) / (share - own) }
}

/** Every pattern of any task, in the order in which they were seen. */
export const patternsOf = (tasks: readonly PatternCounts[]): readonly (string | undefined)[] => [
  ...new Set(tasks.flatMap((counts) => [...counts.keys()])),
]
