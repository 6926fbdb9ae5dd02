import { invalidArgument, mean, requireFinite, type Objective } from '@posttrain/core'
import { deviationOverTasks, fewestTasksToDecide, requiredSamples, requiredTasks } from '@posttrain/estimators'
import type { TaskColumns } from './task-columns.js'
import type { TaskLog } from './task-log.js'

/** What a later comparison of two systems on the same tasks needs to find a difference. */
export interface NeededToDetect {
  /** The difference that must not be missed, in the unit of the metric. */
  readonly difference: number
  /** Probability of finding it if it is there. */
  readonly power: number
  readonly level: number
  /** Tasks, at as many samples per task as here; undefined where no spread was seen. */
  readonly tasks: number | undefined
  /**
   * Samples per task of either system, on as many tasks as here: Infinity where the tasks are too few for any number;
   * undefined where a sample's own spread is unknown, for a metric of several samples or one sample per task.
   */
  readonly samplesPerTask: number | undefined
}

const POWER = 0.8

/**
 * The objectives of a log with, for a metric of single samples, the mean square of what a sample is worth: with it the
 * spread within tasks is known.
 *
 * @returns one objective, or two
 */
export function withSquare(objective: Objective, log: TaskLog): readonly Objective[] {
  const { name, k, minimumSamples, reads, estimateCounts } = objective
  if (k > 1 || log.totals.stoppedAt !== undefined) return [objective]
  const square: Objective = {
    name: `square of ${name}`,
    k,
    minimumSamples,
    reads,
    estimate: (outcomes) => mean(outcomes.map((outcome) => objective.estimate([outcome]) ** 2)),
    estimateCounts, // verdicts are their own squares
    advantages: () => {
      throw invalidArgument(`the square of ${name} is no objective to train for`)
    },
  }
  return [objective, square]
}

/** What a comparison rests on. */
interface Spread {
  /** (tasks): what is compared. */
  readonly values: ArrayLike<number>
  /** Systems whose difference `values` are, of the same design: one stands for two that are independent. */
  readonly systems: readonly TaskColumns[]
}

/**
 * The number of tasks, or of samples per task, that finds a difference with power 0.8 at a level. The spread between
 * tasks is that of this log, so that it holds for more tasks of its kind.
 *
 * @param difference above 0
 * @throws PosttrainError `invalid-argument` for another difference
 */
export function neededToDetect(difference: number, spread: Spread, level: number = 0.95): NeededToDetect {
  requireFinite('detect', difference, { above: 0 })
  const { values, systems } = spread
  const { clusters, weights } = systems[0]!
  const independent = systems.length === 1 ? 2 : 1 // the variances of two systems add up
  const variance = values.length < 2 ? 0 : independent * deviationOverTasks(values, { clusters, weights }) ** 2
  const wish = { power: POWER, level }
  const found = { difference, power: POWER, level }
  if (variance === 0) return { ...found, tasks: undefined, samplesPerTask: undefined }
  const fewest = fewestTasksToDecide(level)
  const tasks = Math.max(fewest, requiredTasks(difference, Math.sqrt(variance), wish))
  const ofSystems = systems.map(withinTasks)
  if (ofSystems.includes(undefined)) return { ...found, tasks, samplesPerTask: undefined }
  const total = (of: 'within' | 'noise'): number => independent * ofSystems.reduce((sum, own) => sum + own![of], 0)
  const between = Math.sqrt(Math.max(0, variance - total('noise')))
  const within = Math.sqrt(total('within'))
  const here = values.length
  const suffices = here >= fewest && (between === 0 || requiredTasks(difference, between, wish) < here)
  const samplesPerTask = suffices ? requiredSamples(difference, here, { between, within }, wish) : Infinity
  return { ...found, tasks, samplesPerTask }
}

/**
 * The variance of a sample about its task, and what of it is left in a task's mean, both averaged over tasks as the
 * mean over tasks is; undefined where no task has two samples. A task of one sample is taken to spread as others do.
 */
function withinTasks({ values, samples, weights }: TaskColumns): { within: number; noise: number } | undefined {
  const [means, squares] = values
  if (squares === undefined) return undefined
  const average = weights === undefined ? 1 : mean(weights)
  const share = (task: number): number => (weights === undefined ? 1 : weights[task]! / average)
  let [seen, tasks, noise, single] = [0, 0, 0, 0]
  samples.forEach((n, task) => {
    if (n < 2) {
      single += share(task) ** 2
      return
    }
    const variance = (n / (n - 1)) * Math.max(0, squares[task]! - means![task]! ** 2)
    seen += share(task) ** 2 * variance
    noise += (share(task) ** 2 * variance) / n
    tasks++
  })
  if (tasks === 0) return undefined
  const within = seen / tasks
  return { within, noise: (noise + single * within) / samples.length }
}
