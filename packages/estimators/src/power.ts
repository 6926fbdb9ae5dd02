import { invalidArgument, mean, requireFinite, requireFiniteArray, requireInteger, sum } from '@posttrain/core'
import { requireLevel } from './intervals/moments.js'
import { studentQuantile } from './special/beta.js'
import { shiftForTail } from './special/noncentral-t.js'
import { normalQuantile } from './special/normal.js'

/** The experiment one wishes for. */
export interface PowerOptions {
  /** Probability of finding the effect if it is there; on [0.5, 1) (default 0.8). */
  readonly power?: number | undefined
  /** Nominal coverage of the two-sided interval that must exclude zero; on (0, 1) (default 0.95). */
  readonly level?: number | undefined
}

/** Beyond this the number of tasks is no whole number that can be counted one by one. */
const MOST_UNITS = 1e12

type Wish = { readonly power: number; readonly level: number }

/** The checked options. */
const wishOf = ({ power = 0.8, level = 0.95 }: PowerOptions): Wish => ({
  power: requireFinite('power', power, { min: 0.5, below: 1 }),
  level: requireLevel(level),
})

/** The squared distance of the effect from zero, in standard errors, at which the test finds it so often. */
const requiredDistance = (degrees: number, { power, level }: Wish): number =>
  shiftForTail(studentQuantile((1 + level) / 2, degrees), degrees, power) ** 2

/**
 * Tasks needed to find a difference: the smallest T with P(t' > t_{level}) ≥ power, for a non-central t' of T − 1
 * degrees of freedom that is shifted by effect·√T/σ. Exact for normal values, whatever T is.
 *
 * @param effect difference that must not be missed, in the unit of the metric
 * @param deviation standard deviation over tasks of the per-task difference (or of the metric, for one system against a
 *   fixed value)
 * @returns number of tasks, at least 2
 * @throws PosttrainError `invalid-argument` for an effect that is not above 0 or a power outside [0.5, 1)
 * @example
 * ```ts
 * requiredTasks(0.05, 0.3) // => 285
 * ```
 */
export function requiredTasks(effect: number, deviation: number, options: PowerOptions = {}): number {
  requireFinite('effect', effect, { above: 0 })
  requireFinite('deviation', deviation, { min: 0 })
  const wish = wishOf(options)
  const units = requireFinite('(deviation / effect)²', (deviation / effect) ** 2, { max: MOST_UNITS })
  // The normal figure is a little too small: t asks for about z²/2 tasks more.
  const normal = (normalQuantile((1 + wish.level) / 2) + normalQuantile(wish.power)) ** 2 * units
  let tasks = Math.max(2, Math.ceil(normal))
  while (requiredDistance(tasks - 1, wish) * units > tasks) tasks++
  return tasks
}

/** Where the variance of a per-task estimate comes from. */
export interface VarianceComponents {
  /** Standard deviation over tasks of their true values. */
  readonly between: number
  /** Standard deviation of one sample about its task's true value. */
  readonly within: number
}

/**
 * Samples per task needed to find a difference in a mean reward with a given number of tasks: the smallest n with
 * P(t' > t_{level}) ≥ power, for a non-central t' shifted by effect/√((σ_between² + σ_within²/n)/T).
 *
 * @param effect difference that must not be missed
 * @param tasks T
 * @param components of the per-task difference; see `varianceComponents`
 * @returns number of samples per task, at least 1
 * @throws PosttrainError `invalid-argument` if no number of samples suffices because tasks differ too much, with the
 *   number of tasks that would
 * @example
 * ```ts
 * requiredSamples(0.05, 300, { between: 0.2, within: 0.6 }) // => 7
 * ```
 */
export function requiredSamples(
  effect: number,
  tasks: number,
  { between, within }: VarianceComponents,
  options: PowerOptions = {},
): number {
  requireFinite('effect', effect, { above: 0 })
  requireInteger('tasks', tasks, { min: 2 })
  requireFinite('between', between, { min: 0 })
  requireFinite('within', within, { min: 0 })
  const allowed = (effect ** 2 * tasks) / requiredDistance(tasks - 1, wishOf(options)) - between ** 2
  if (allowed <= 0) {
    throw invalidArgument(
      `${tasks} tasks cannot show an effect of ${effect}, however many samples are drawn: the tasks themselves differ by ${between}`,
      `use more than ${requiredTasks(effect, between, options)} tasks`,
    )
  }
  return Math.max(1, Math.ceil(within ** 2 / allowed))
}

/**
 * Between- and within-task standard deviations of a pilot run, by analysis of variance for groups of any sizes.
 *
 * To plan a comparison, pass per-sample differences of paired samples, or combine the components of the two systems.
 *
 * @param groups rewards of each task: at least two tasks, and one task with two samples
 * @returns in the unit of the rewards
 * @throws PosttrainError `invalid-argument` for less
 * @example
 * ```ts
 * varianceComponents([[0, 1], [1, 1], [0, 0]]).within // => 0.4082
 * ```
 */
export function varianceComponents(groups: readonly ArrayLike<number>[]): VarianceComponents {
  groups.forEach((group, i) => {
    requireInteger(`groups[${i}].length`, group.length, { min: 1 })
    requireFiniteArray(`groups[${i}]`, group)
  })
  const tasks = groups.length
  const sizes = groups.map(({ length }) => length)
  const total = sum(sizes)
  if (tasks < 2 || total === tasks) {
    throw invalidArgument(
      `variance components need two tasks and a task with two samples, but there are ${tasks} tasks with ${total} samples`,
    )
  }
  const means = groups.map(mean)
  const grand = sum(means.map((own, i) => own * sizes[i]!)) / total
  const within = sum(groups.map((group, i) => sum(Array.from(group, (reward) => (reward - means[i]!) ** 2))))
  const between = sum(means.map((own, i) => sizes[i]! * (own - grand) ** 2))
  const withinMean = within / (total - tasks)
  const size = (total - sum(sizes.map((n) => n * n)) / total) / (tasks - 1)
  const betweenVariance = (between / (tasks - 1) - withinMean) / size
  return { between: Math.sqrt(Math.max(0, betweenVariance)), within: Math.sqrt(withinMean) }
}
