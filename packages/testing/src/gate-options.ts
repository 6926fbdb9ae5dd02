import { described, invalidArgument, requireFinite, requireInteger, requireOneOf } from '@posttrain/core'
import type { UnscoredPolicy } from '@posttrain/core'
import { fewestTasksToShow } from '@posttrain/estimators'
import { metricInterval, passMetric, type PassMetric } from './pass-metric.js'

/** What must be shown, and how. */
export interface GateOptions {
  /** What the lower bound of each metric must reach, between 0 and 1: `{ 'pass@8': 0.9, 'pass^2': 0.5 }`. */
  readonly atLeast: Readonly<Record<string, number>>
  /** Nominal coverage of the two-sided intervals (default 0.95, so that 2.5 % lie below the lower bound). */
  readonly level?: number | undefined
  /** What runs count as that ended by no assertion (default `count-as-failure`). */
  readonly unscored?: UnscoredPolicy | undefined
}

/** The options as a gate reads them. */
export interface Gate {
  readonly bounds: readonly { readonly metric: PassMetric; readonly atLeast: number }[]
  readonly level: number
  readonly unscored: UnscoredPolicy
}

/**
 * Requires a gate that so many runs of so many tasks can pass, before any of them runs.
 *
 * @param n runs of each task
 * @throws PosttrainError `invalid-argument` for a gate that even runs which all pass would fail, with the number of
 *   runs or tasks that would do
 */
export function requireGate(options: GateOptions, n: number, tasks: number = 1): Gate {
  const { atLeast, level = 0.95, unscored = 'count-as-failure' } = options
  requireInteger('n', n, { min: 1 })
  requireFinite('level', level, { above: 0, below: 1 })
  requireOneOf('unscored', unscored, ['count-as-failure', 'exclude', 'throw'])
  if (typeof atLeast !== 'object' || atLeast === null || Object.keys(atLeast).length === 0) {
    throw invalidArgument(`atLeast must name a metric, but is ${described(atLeast)}`, "for instance { 'pass@8': 0.9 }")
  }
  const bounds = Object.entries(atLeast).map(([name, least]) => {
    const metric = passMetric(name)
    requireFinite(`atLeast['${name}']`, least, { above: 0, below: 1 })
    if (metric.k > n) throw invalidArgument(`${name} needs at least ${metric.k} runs, but n is ${n}`)
    if (tasks === 1) requireEnoughRuns(metric, least, level, n)
    else requireEnoughTasks(metric, least, level, tasks)
    return { metric, atLeast: least }
  })
  return { bounds, level, unscored }
}

/** Where all of n runs pass, the lower bound of their rate is ((1 − level)/2)^(1/n). */
function requireEnoughRuns(metric: PassMetric, atLeast: number, level: number, n: number): void {
  const best = metricInterval(metric, n, n, level).lower
  if (best >= atLeast) return
  const fewest = Math.ceil(Math.log((1 - level) / 2) / Math.log(metric.rateAt(atLeast)))
  throw invalidArgument(
    `${n} runs cannot show that ${metric.name} is at least ${atLeast} at level ${level}, even if all pass`,
    `choose n of at least ${Math.max(fewest, metric.k)}, or a bound of at most ${floored(best)}`,
  )
}

function requireEnoughTasks({ name }: PassMetric, atLeast: number, level: number, tasks: number): void {
  const fewest = fewestTasksToShow(atLeast, level)
  if (tasks >= fewest) return
  throw invalidArgument(
    `${tasks} tasks cannot show that ${name} is at least ${atLeast} at level ${level}, even if all runs pass`,
    `evaluate at least ${fewest} tasks, or choose a lower bound`,
  )
}

/** Rounded down, so that what a hint names is within reach. */
const floored = (value: number): number => Math.floor(value * 1e4) / 1e4
