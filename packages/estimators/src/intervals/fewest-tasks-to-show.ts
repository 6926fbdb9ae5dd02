import { requireFinite } from '@posttrain/core'
import { studentQuantile } from '../special/beta.js'
import { requireLevel } from './moments.js'

/** Quantiles hold up to so many degrees of freedom, and nobody has more tasks. */
const MOST = 1e15

/**
 * The fewest independent tasks of which a mean of values in [0, 1] can be shown to be at least so much: where all
 * values are 1, the lower bound of `scoreInterval` reaches it on so many tasks and on none fewer.
 *
 * That bound is n/(n + t²), t the quantile at (1 + level)/2 of Student's distribution with n − 1 degrees of freedom.
 *
 * @param least the bound that is to be reached
 * @param level nominal coverage, on (0, 1)
 * @returns at least 2, which an interval takes; infinite where 10¹⁵ are too few, as for 1
 * @throws PosttrainError `invalid-argument` for a bound that is not finite, or an impossible level
 * @example
 * ```ts
 * fewestTasksToShow(0.9, 0.95) // => 38
 * ```
 */
export function fewestTasksToShow(least: number, level: number): number {
  requireFinite('least', least)
  requireLevel(level)
  const p = (1 + level) / 2
  const suffices = (tasks: number): boolean => tasks * (1 - least) >= least * studentQuantile(p, tasks - 1) ** 2
  let enough = 2
  while (!suffices(enough)) {
    enough *= 2
    if (enough > MOST) return Infinity
  }
  for (let few = enough / 2; enough - few > 1;) {
    const between = Math.floor((few + enough) / 2)
    if (suffices(between)) enough = between
    else few = between
  }
  return enough
}
