import { requireInteger } from '@posttrain/core'
import type { Interval } from '@posttrain/core'
import { betaQuantile } from '../special/beta.js'
import { normalQuantile } from '../special/normal.js'
import { requireLevel } from './moments.js'

/**
 * Wilson's score interval for a plain proportion: the p for which (c/n − p)² ≤ z²·p(1−p)/n (Wilson 1927).
 *
 * For independent trials of one kind; over tasks that differ, use `scoreInterval` on the tasks' own rates.
 *
 * @param c successes
 * @param n trials
 * @param level nominal coverage, on (0, 1)
 * @returns within [0, 1]
 * @throws PosttrainError `invalid-argument` for impossible counts or levels
 * @example
 * ```ts
 * wilsonInterval(8, 10).lower // => 0.4902
 * ```
 */
export function wilsonInterval(c: number, n: number, level: number = 0.95): Interval {
  requireCounts(c, n, level)
  const z2 = normalQuantile((1 + level) / 2) ** 2 / n
  const p = c / n
  const centre = (p + z2 / 2) / (1 + z2)
  const reach = Math.sqrt(z2 * (p * (1 - p) + z2 / 4)) / (1 + z2)
  return {
    lower: c === 0 ? 0 : Math.max(0, centre - reach),
    upper: c === n ? 1 : Math.min(1, centre + reach),
    level,
    method: 'wilson',
  }
}

/**
 * The exact interval for a plain proportion (Clopper & Pearson 1934): never covers less than its level, usually more.
 *
 * Lower and upper are quantiles of Beta(c, n−c+1) and Beta(c+1, n−c), to a relative error below 1e-12 for n up to 10¹⁵.
 *
 * @param c successes
 * @param n trials
 * @param level nominal coverage, on (0, 1)
 * @returns within [0, 1]
 * @throws PosttrainError `invalid-argument` for impossible counts or levels
 * @example
 * ```ts
 * clopperPearsonInterval(8, 10).lower // => 0.4439
 * ```
 */
export function clopperPearsonInterval(c: number, n: number, level: number = 0.95): Interval {
  requireCounts(c, n, level)
  return {
    lower: c === 0 ? 0 : betaQuantile((1 - level) / 2, c, n - c + 1),
    upper: c === n ? 1 : betaQuantile((1 + level) / 2, c + 1, n - c),
    level,
    method: 'clopper-pearson',
  }
}

function requireCounts(c: number, n: number, level: number): void {
  requireInteger('n', n, { min: 1 })
  requireInteger('c', c, { min: 0, max: n })
  requireLevel(level)
}
