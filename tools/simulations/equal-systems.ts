import { createStream, mean, type Interval, type RandomStream } from '@posttrain/core'
import { differenceFromValue, pairedDifference, scoreInterval, type DifferenceVerdict } from '@posttrain/estimators'
import { differenceScoreInterval } from '../../packages/estimators/src/intervals/score.js'
import { tangoOfDifferences } from '../../packages/estimators/src/intervals/tango.js'
import { newcombeInterval, type BoundedMean } from '../../packages/estimators/src/intervals/newcombe.js'
import { drawValue, populations, type Population } from './populations.js'

/** How often a comparison calls a system worse, or better, than its equal. */
export interface EqualCell {
  readonly comparison: string
  readonly rates: string
  readonly metric: string
  readonly truth: number
  readonly extreme: boolean
  readonly tasks: number
  readonly worse: number
  readonly better: number
}

/** Compares two runs of one system, or one run with the truth. */
type Compare = (population: Population, tasks: number, stream: RandomStream) => DifferenceVerdict

/** (tasks): of random tasks. */
const valuesOf = (population: Population, tasks: number, stream: RandomStream): Float64Array =>
  Float64Array.from({ length: tasks }, () => drawValue(population, stream))

/** What an interval says where the p-value is the one that belongs to it: finding that is slow. */
const byInterval = ({ lower, upper }: Interval, value: number): DifferenceVerdict =>
  upper < value ? 'worse' : lower > value ? 'better' : 'undecided'

const onSameTasks: Compare = ({ task, value, verdicts }, tasks, stream) => {
  const drawn = Array.from({ length: tasks }, () => task(stream))
  const a = Float64Array.from(drawn, (at) => value(at, stream))
  const b = Float64Array.from(drawn, (at) => value(at, stream))
  const differences = b.map((of, i) => of - a[i]!)
  const interval = verdicts ? tangoOfDifferences(differences) : differenceScoreInterval(differences)
  return byInterval(interval, 0) === 'undecided' ? 'undecided' : pairedDifference(a, b).verdict
}

function boundedMean(population: Population, tasks: number, stream: RandomStream): BoundedMean {
  const values = valuesOf(population, tasks, stream)
  return { mean: mean(values), interval: scoreInterval(values) }
}

const withTruth: Compare = (population, tasks, stream) => {
  const values = valuesOf(population, tasks, stream)
  if (population.verdicts) return differenceFromValue(values, population.truth).verdict
  return byInterval(scoreInterval(values), population.truth)
}

const COMPARISONS: Readonly<Record<string, Compare>> = {
  'a again, on the same tasks': onSameTasks,
  'a again, on other tasks': (population, tasks, stream) =>
    byInterval(newcombeInterval(boundedMean(population, tasks, stream), boundedMean(population, tasks, stream)), 0),
  'a, with its true value': withTruth,
}
const TASKS = [50, 200, 1000]

/** Every comparison of every system and metric. */
export const equalCells = (runs: number): readonly EqualCell[] =>
  Object.entries(COMPARISONS).flatMap(([comparison, compare]) =>
    populations
      .filter(({ unit }) => unit)
      .flatMap((population) =>
        TASKS.map((tasks) => {
          const { rates, metric, truth, extreme } = population
          const stream = createStream(1, 'equal-systems', comparison, rates, metric, tasks)
          const verdicts = Array.from({ length: runs }, () => compare(population, tasks, stream))
          const share = (verdict: DifferenceVerdict): number => verdicts.filter((one) => one === verdict).length / runs
          const cell = {
            comparison,
            rates,
            metric,
            truth,
            extreme,
            tasks,
            worse: share('worse'),
            better: share('better'),
          }
          process.stderr.write(
            `${comparison}, ${rates}, ${metric}, ${tasks} tasks: worse ${cell.worse}, better ${cell.better}\n`,
          )
          return cell
        }),
      ),
  )
