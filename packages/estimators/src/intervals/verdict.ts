import { requireFinite } from '@posttrain/core'
import type { Interval } from '@posttrain/core'

/** What a comparison shows of b. */
export type DifferenceVerdict = 'better' | 'worse' | 'undecided'

/**
 * The rule by which a difference counts as shown: its interval leaves out 0, and p ≤ 1 − level. Either alone leaves it
 * undecided.
 *
 * So b is called worse, where neither is, no more often than the sign-flip test allows, (1 − level)/2, whatever the
 * interval assumes: exactly so where the difference of each task is as likely to have the other sign, as it is for two
 * runs of one system.
 *
 * @param pValue two-sided; adjusted, where several differences were looked at
 * @example
 * ```ts
 * verdictOf(pairedDifference([1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0])) // => 'worse'
 * ```
 */
export function verdictOf({
  interval,
  pValue,
}: {
  readonly interval: Interval
  readonly pValue: number
}): DifferenceVerdict {
  const { lower, upper, level } = interval
  if (pValue > (1 - level) * (1 + 1e-9)) return 'undecided' // 1 − 0.9 is a little less than 0.1
  return upper < 0 ? 'worse' : lower > 0 ? 'better' : 'undecided'
}

/**
 * The fewest tasks of which b can be shown to be worse at all: the least n with 2·2⁻ⁿ ≤ 1 − level, the p-value where b
 * loses every one.
 *
 * @param level nominal coverage, on (0, 1)
 * @example
 * ```ts
 * fewestTasksToDecide(0.95) // => 6
 * ```
 */
export const fewestTasksToDecide = (level: number): number =>
  Math.max(2, Math.ceil(1 - Math.log2((1 - level) * (1 + 1e-9))))

/**
 * Whether b is shown not to be worse than a by the margin or more: the interval lies above −margin. Where it does not,
 * b may be as good; it is not shown.
 *
 * @param margin in the unit of the values, above 0
 * @throws PosttrainError `invalid-argument` for a margin that is not above 0
 * @example
 * ```ts
 * isNonInferior(pairedDifference(new Array(100).fill(1), new Array(100).fill(1)), 0.05) // => true
 * ```
 */
export function isNonInferior({ interval }: { readonly interval: Interval }, margin: number): boolean {
  requireFinite('margin', margin, { above: 0 })
  return interval.lower > -margin
}
