import { sum } from '@posttrain/core'
import type { PatternPart } from './task-shares.js'

/** The two parts of a change. */
export interface SelectionAndExecution {
  readonly selection: number
  readonly execution: number
}

/**
 * One pattern's terms of the split: (s₁ − s₀)(p₁ + p₀)/2 and (p₁ − p₀)(s₁ + s₀)/2, which add up to s₁p₁ − s₀p₀. A
 * success that is not known on one side is that of the other.
 */
export function midpointSplit(before: PatternPart, after: PatternPart): SelectionAndExecution {
  const from = before.success ?? after.success ?? 0
  const to = after.success ?? from
  return {
    selection: ((after.share - before.share) * (to + from)) / 2,
    execution: ((to - from) * (after.share + before.share)) / 2,
  }
}

/** The sum of all patterns' terms. */
export const totalSplit = (terms: readonly SelectionAndExecution[]): SelectionAndExecution => ({
  selection: sum(terms.map(({ selection }) => selection)),
  execution: sum(terms.map(({ execution }) => execution)),
})
