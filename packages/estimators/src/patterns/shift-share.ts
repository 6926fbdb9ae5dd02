import { requireLength, sum } from '@posttrain/core'
import type { Interval } from '@posttrain/core'
import { pairedDifference, type PairedDifference } from '../intervals/paired-difference.js'
import { jackknifeInterval } from './jackknife.js'
import { midpointSplit, totalSplit, type SelectionAndExecution } from './midpoint-split.js'
import { requireCounts, type PatternCounts } from './pattern-counts.js'
import { patternPart, patternsOf, taskShares } from './task-shares.js'

/** A part of a change, in the unit of the rewards. */
export interface Effect {
  readonly value: number
  /** Over tasks. */
  readonly interval: Interval
}

/** What one pattern has to do with a change. */
export interface PatternShift {
  /** Undefined: the samples that have none. */
  readonly pattern: string | undefined
  readonly shareBefore: number
  readonly shareAfter: number
  /** Undefined where the pattern was not seen. */
  readonly successBefore: number | undefined
  readonly successAfter: number | undefined
  /** Its terms of the two effects. */
  readonly selection: number
  readonly execution: number
}

/** A change of the mean reward, split in two. */
export interface ShiftShare {
  /** After − before, over the same tasks. */
  readonly change: PairedDifference
  /** What patterns that are chosen more or less often account for. */
  readonly selection: Effect
  /** What success within patterns accounts for. */
  readonly execution: Effect
  /** Selection − execution: above 0 where selection accounts for more than half of a gain. */
  readonly lead: Effect
  /** Every pattern seen before or after, in the order in which they were seen. */
  readonly patterns: readonly PatternShift[]
}

/** How the intervals are made. */
export interface ShiftShareOptions {
  /** Nominal coverage of the intervals, on (0, 1) (default 0.95). */
  readonly level?: number | undefined
}

/**
 * How much of a change is due to choosing other patterns, and how much to being better at them.
 *
 * With the shares s and the successes p of `patternShares`, before (0) and after (1):
 * ACC₁ − ACC₀ = Σ_r (s₁ − s₀)(p₁ + p₀)/2 [selection] + Σ_r (p₁ − p₀)(s₁ + s₀)/2 [execution], exactly. A pattern seen
 * on one side alone shows no change of its success: all of its reward counts as selection.
 *
 * The intervals of the effects are Tukey's jackknife over tasks with a t quantile, the task with its two sides as one.
 * Where a single pattern was seen, selection is 0 and its interval has no width.
 *
 * Chen, Li & Zou 2025, https://arxiv.org/abs/2506.04695, say that selection is what training changes.
 *
 * @param before (tasks), at least two
 * @param after (tasks), in the order of `before`
 * @throws PosttrainError `invalid-argument` for other lengths, fewer than two tasks, or as `patternShares`
 * @example
 * ```ts
 * const task = (sums: number, right: number) =>
 *   new Map([['sum', { samples: sums, reward: right }], ['product', { samples: 8 - sums, reward: 0 }]])
 * const { selection, execution, change } = shiftShare([task(2, 1), task(2, 1)], [task(6, 3), task(6, 3)])
 * change.difference // => 0.25
 * selection.value // => 0.25
 * execution.value // => 0
 * ```
 */
export function shiftShare(
  before: readonly PatternCounts[],
  after: readonly PatternCounts[],
  { level = 0.95 }: ShiftShareOptions = {},
): ShiftShare {
  requireCounts('before', before)
  requireCounts('after', after)
  requireLength('after', after, before.length)
  const patterns = patternsOf([...before, ...after]).map((pattern) => ({
    pattern,
    from: taskShares(before, pattern),
    to: taskShares(after, pattern),
  }))
  const rewards = (side: 'from' | 'to'): Float64Array =>
    Float64Array.from(before, (_, task) => sum(patterns.map((one) => one[side].earned[task]!)))
  const split = (without?: number): SelectionAndExecution =>
    totalSplit(patterns.map(({ from, to }) => midpointSplit(patternPart(from, without), patternPart(to, without))))
  const all = split()
  const left = before.map((_, task) => split(task))
  const effect = (of: (parts: SelectionAndExecution) => number): Effect => ({
    value: of(all),
    interval: jackknifeInterval(of(all), left.map(of), level),
  })
  return {
    change: pairedDifference(rewards('from'), rewards('to'), { level }),
    selection: effect(({ selection }) => selection),
    execution: effect(({ execution }) => execution),
    lead: effect(({ selection, execution }) => selection - execution),
    patterns: patterns.map(({ pattern, ...sides }) => {
      const [from, to] = [patternPart(sides.from), patternPart(sides.to)]
      return {
        pattern,
        shareBefore: from.share,
        shareAfter: to.share,
        successBefore: from.success,
        successAfter: to.success,
        ...midpointSplit(from, to),
      }
    }),
  }
}
