import { invalidArgument, requireInteger } from '@posttrain/core'
import type { Interval } from '@posttrain/core'
import { studentQuantile } from '../special/beta.js'
import { normalQuantile } from '../special/normal.js'
import { clusterSums, requireLevel, varianceOfMean } from './moments.js'
import type { AnalyticOptions } from './student.js'

/** Variance of the one task that is added where it is asked how alike the tasks of a cluster are. */
const PRIOR_VARIANCE = 1 / 4

/**
 * Tango's score interval for the difference of two paired proportions: the δ for which (d − δ)² ≤ z²·V(δ)/n, where d =
 * (onlyB − onlyA)/n and V(δ) is the variance of a task's difference under the most likely probabilities that have the
 * mean δ (Tango 1998, https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C891::AID-SIM780%3E3.0.CO;2-B).
 *
 * It is Wilson's interval for pairs: it stays within [−1, 1], and ten tasks on which nothing differs give ±0.28 and not
 * ±0. Coverage, also where few tasks differ: docs/coverage.md.
 *
 * @param onlyA tasks that only a solves
 * @param onlyB tasks that only b solves
 * @param tasks all tasks, those where both agree included
 * @param level nominal coverage, on (0, 1)
 * @returns of b − a, within [−1, 1]
 * @throws PosttrainError `invalid-argument` for impossible counts or levels
 * @example
 * ```ts
 * tangoInterval(4, 0, 100).upper // => -0.0015
 * ```
 */
export function tangoInterval(onlyA: number, onlyB: number, tasks: number, level: number = 0.95): Interval {
  requireInteger('tasks', tasks, { min: 1 })
  requireInteger('onlyA', onlyA, { min: 0, max: tasks })
  requireInteger('onlyB', onlyB, { min: 0, max: tasks - onlyA })
  requireLevel(level)
  return pairedInterval(onlyA / tasks, onlyB / tasks, normalQuantile((1 + level) / 2) ** 2 / tasks, level)
}

/** Tango's interval of differences of −1, 0 and 1; with clusters or weights it counts an effective number of tasks. */
export function tangoOfDifferences(differences: ArrayLike<number>, options: AnalyticOptions = {}): Interval {
  const { level = 0.95, clusters, weights } = options
  requireVerdictDifferences(differences)
  requireLevel(level)
  const tasks = clusterSums(differences, undefined, weights)
  const shareOf = (sign: number): number =>
    tasks.sums.reduce((share, value) => share + (value * sign > 0 ? value * sign : 0), 0) / tasks.tasks
  const [onlyA, onlyB] = [shareOf(-1), shareOf(1)]
  if (clusters === undefined && weights === undefined) {
    return pairedInterval(onlyA, onlyB, normalQuantile((1 + level) / 2) ** 2 / differences.length, level)
  }
  const data = clusterSums(differences, clusters, weights)
  const { variance, degrees } = varianceOfMean(data)
  // As many tasks as have this variance of the mean. Where hardly any differs, nothing tells how alike those of a
  // cluster are: then they are taken to agree.
  const prior = PRIOR_VARIANCE / tasks.kish
  const found = (onlyA + onlyB - (onlyB - onlyA) ** 2 + prior) / (variance + prior / data.kish)
  const effective = Math.min(tasks.kish, Math.max(data.kish, found))
  return pairedInterval(onlyA, onlyB, studentQuantile((1 + level) / 2, degrees) ** 2 / effective, level)
}

/** Whether differences are all those of two verdicts. */
export function areVerdictDifferences(differences: ArrayLike<number>): boolean {
  for (let i = 0; i < differences.length; i++) {
    const size = Math.abs(differences[i]!)
    if (size !== 0 && size !== 1) return false
  }
  return true
}

function requireVerdictDifferences(differences: ArrayLike<number>): void {
  for (let i = 0; i < differences.length; i++) {
    const value = differences[i]!
    if (value === 0 || value === 1 || value === -1) continue
    throw invalidArgument(
      `Tango's interval is for differences of -1, 0 and 1, but differences[${i}] is ${value}`,
      "choose the method 'score' for values in [0, 1], 'student-t' for others",
    )
  }
}

/**
 * @param a share of tasks that only a solves
 * @param b share that only b solves
 * @param q squared quantile over the number of tasks
 */
function pairedInterval(a: number, b: number, q: number, level: number): Interval {
  return { lower: 0 - upperEnd(b, a, q), upper: upperEnd(a, b, q), level, method: 'tango' }
}

/**
 * The upper end for shares a of −1 and b of 1.
 *
 * The most likely probabilities of mean δ > d weigh each value x seen by 1/(τ − x), up to a factor, with τ ≥ 1; what
 * then lacks is at 1. Their variance is (δ − d)(τ − δ), so that the end is (d + qτ)/(1 + q), as if a share of q more
 * had been seen at τ. And τ solves mean (x − d)²/(τ − x) = q(τ − d), or is 1 if there the left side is less already.
 */
function upperEnd(a: number, b: number, q: number): number {
  const d = b - a
  const values = [
    [-1, a],
    [0, 1 - a - b],
    [1, b],
  ] as const
  const room = 1 - d
  // From the term of x = 1 alone, hence to the left of the root, from where Newton's steps on a convex function rise.
  let beyond = (Math.sqrt(room ** 2 + (4 * b * room ** 2) / q) - room) / 2
  for (let step = 0; step < 100; step++) {
    let excess = -q * (room + beyond)
    let slope = q
    for (const [x, share] of values) {
      if (share === 0) continue
      const term = (share * (x - d) ** 2) / (1 - x + beyond)
      if (term === 0) continue
      excess += term
      slope += term / (1 - x + beyond)
    }
    const next = beyond + excess / slope
    if (!(next > beyond * (1 + 1e-15))) break
    beyond = next
  }
  return Math.min(1, (d + q * (1 + beyond)) / (1 + q))
}
