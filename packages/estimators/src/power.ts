import { invalidArgument, requireFinite, requireInteger } from '@posttrain/core'
import { studentQuantile } from './special/beta.js'
import { normalQuantile } from './special/normal.js'

/** The experiment one wishes for. */
export interface PowerOptions {
  /** Probability of finding the effect if it is there (default 0.8). */
  readonly power?: number
  /** Nominal coverage of the two-sided interval that must exclude zero (default 0.95). */
  readonly level?: number
}

/** (t for the level + t for the power)², the squared distance of the effect from zero in standard errors. */
function requiredDistance(degrees: number, { power = 0.8, level = 0.95 }: PowerOptions): number {
  return (studentQuantile((1 + level) / 2, degrees) + studentQuantile(power, degrees)) ** 2
}

function requirePower({ power = 0.8, level = 0.95 }: PowerOptions): void {
  requireFinite('power', power)
  requireFinite('level', level)
  if (power < 0.5 || power >= 1) throw invalidArgument(`power must lie between 0.5 and 1, but is ${power}`)
  if (level <= 0 || level >= 1) throw invalidArgument(`level must lie between 0 and 1, but is ${level}`)
}

/**
 * Tasks needed to find a difference: the smallest T with (t_{level} + t_{power})²·σ²/T ≤ effect², t with T − 1 degrees of
 * freedom.
 *
 * @param effect difference that must not be missed, in the unit of the metric
 * @param deviation standard deviation over tasks of the per-task difference (or of the metric, for one system against a
 *   fixed value)
 * @throws PosttrainError `invalid-argument` for an effect of zero or a power outside [0.5, 1)
 * @example
 * ```ts
 * requiredTasks(0.05, 0.3) // => 285
 * ```
 */
export function requiredTasks(effect: number, deviation: number, options: PowerOptions = {}): number {
  requireEffect(effect)
  requireFinite('deviation', deviation, { min: 0 })
  requirePower(options)
  const units = (deviation / effect) ** 2
  const { power = 0.8, level = 0.95 } = options
  // The normal figure is a little too small: t asks for about z²/2 tasks more.
  const normal = (normalQuantile((1 + level) / 2) + normalQuantile(power)) ** 2 * units
  let tasks = Math.max(2, Math.ceil(normal))
  while (requiredDistance(tasks - 1, options) * units > tasks) tasks++
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
 * (t_{level} + t_{power})²·(σ_between² + σ_within²/n)/T ≤ effect².
 *
 * @param effect difference that must not be missed
 * @param tasks T
 * @param components of the per-task difference; see `varianceComponents`
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
  requireEffect(effect)
  requireInteger('tasks', tasks, { min: 2 })
  requireFinite('between', between, { min: 0 })
  requireFinite('within', within, { min: 0 })
  requirePower(options)
  const allowed = (effect ** 2 * tasks) / requiredDistance(tasks - 1, options) - between ** 2
  if (allowed <= 0) {
    throw invalidArgument(
      `${tasks} tasks cannot show an effect of ${effect}, however many samples are drawn: the tasks themselves differ by ${between}`,
      `use more than ${requiredTasks(effect, between, options)} tasks`,
    )
  }
  return Math.max(1, Math.ceil(within ** 2 / allowed))
}

/**
 * Between- and within-task standard deviations of a pilot run, by analysis of variance for unequal group sizes.
 *
 * For planning a comparison, pass per-sample differences of paired samples, or the components of each system combined.
 *
 * @param groups rewards of each task, at least two tasks and one task with two samples
 * @throws PosttrainError `invalid-argument` for less
 * @example
 * ```ts
 * varianceComponents([[0, 1], [1, 1], [0, 0]]).within // => 0.4082
 * ```
 */
export function varianceComponents(groups: readonly ArrayLike<number>[]): VarianceComponents {
  const tasks = groups.length
  let total = 0
  let sum = 0
  let squaredSizes = 0
  groups.forEach((group, i) => {
    requireInteger(`groups[${i}].length`, group.length, { min: 1 })
    for (let j = 0; j < group.length; j++) sum += requireFinite(`groups[${i}][${j}]`, group[j]!)
    total += group.length
    squaredSizes += group.length ** 2
  })
  if (tasks < 2 || total === tasks) {
    throw invalidArgument(
      `variance components need two tasks and a task with two samples, but there are ${tasks} tasks with ${total} samples`,
    )
  }
  const grand = sum / total
  let within = 0
  let between = 0
  for (const group of groups) {
    let own = 0
    for (let j = 0; j < group.length; j++) own += group[j]!
    own /= group.length
    for (let j = 0; j < group.length; j++) within += (group[j]! - own) ** 2
    between += group.length * (own - grand) ** 2
  }
  const withinMean = within / (total - tasks)
  const size = (total - squaredSizes / total) / (tasks - 1)
  const betweenVariance = (between / (tasks - 1) - withinMean) / size
  return { between: Math.sqrt(Math.max(0, betweenVariance)), within: Math.sqrt(withinMean) }
}

function requireEffect(effect: number): void {
  requireFinite('effect', effect)
  if (!(effect > 0)) throw invalidArgument(`effect must be positive, but is ${effect}`)
}
