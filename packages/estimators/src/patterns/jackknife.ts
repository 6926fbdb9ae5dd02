import type { Interval } from '@posttrain/core'
import { mean } from '@posttrain/core'
import { studentInterval } from '../intervals/student.js'

/**
 * Tukey's interval for a smooth function of means over tasks: the t interval of the pseudo-values n·E − (n−1)·E₍₋ᵢ₎,
 * around E. For a mean it is `studentInterval`. Its variance is on the wide side (Efron & Stein 1981,
 * https://doi.org/10.1214/aos/1176345462).
 *
 * @param value E, of all tasks
 * @param without (tasks): E of all tasks but that one
 */
export function jackknifeInterval(value: number, without: readonly number[], level: number): Interval {
  const n = without.length
  const pseudoValues = without.map((one) => n * value - (n - 1) * one)
  const { lower, upper } = studentInterval(pseudoValues, { level })
  const shift = value - mean(pseudoValues)
  return { lower: lower + shift, upper: upper + shift, level, method: 'jackknife-t' }
}
