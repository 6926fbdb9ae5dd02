import { signTest, tangoInterval, verdictOf } from '@posttrain/estimators'
import { binomialWeights } from '../../packages/estimators/src/binomial-weights.js'

/** Two systems with a verdict per task each, and what is exactly so of their comparison. */
export interface VerdictCell {
  readonly tasks: number
  /** Share of tasks on which the two differ, in truth. */
  readonly differing: number
  /** Of these, the share that only b solves. */
  readonly won: number
  /** Probability that Tango's interval holds the true difference. */
  readonly coverage: number
  /** Probability that b is called worse. */
  readonly worse: number
}

const LEVEL = 0.95

/** What is too unlikely to matter. */
const NOTHING = 1e-12

interface Comparison {
  readonly lower: number
  readonly upper: number
  readonly worse: boolean
}

/** What is said of so many tasks that differ, by how many of them b wins: the same in every cell of a number of tasks. */
function comparisonsOf(tasks: number): (differing: number) => readonly Comparison[] {
  const known = new Map<number, readonly Comparison[]>()
  return (differing) => {
    const found =
      known.get(differing) ??
      Array.from({ length: differing + 1 }, (_, wins): Comparison => {
        const interval = tangoInterval(differing - wins, wins, tasks, LEVEL)
        const verdict = verdictOf({ interval, pValue: signTest(wins, differing - wins) })
        return { lower: interval.lower, upper: interval.upper, worse: verdict === 'worse' }
      })
    known.set(differing, found)
    return found
  }
}

/** Sums over every outcome. */
function cellOf(tasks: number, differing: number, won: number, of: (m: number) => readonly Comparison[]): VerdictCell {
  const truth = differing * (2 * won - 1)
  let coverage = 0
  let worse = 0
  binomialWeights(tasks, differing, 1 - differing).forEach((weight, m) => {
    if (weight < NOTHING) return
    const comparisons = of(m)
    binomialWeights(m, won, 1 - won).forEach((share, wins) => {
      const { lower, upper, worse: calledWorse } = comparisons[wins]!
      if (lower <= truth && truth <= upper) coverage += weight * share
      if (calledWorse) worse += weight * share
    })
  })
  return { tasks, differing, won, coverage, worse }
}

const TASKS = [10, 20, 50, 100, 200, 500, 1000]
const DIFFERING = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5]
const WON = [0.5, 0.75, 1]

/** Every cell, from hardly a task that differs to half of them. */
export const verdictCells = (): readonly VerdictCell[] =>
  TASKS.flatMap((tasks) => {
    const of = comparisonsOf(tasks)
    return DIFFERING.flatMap((differing) => WON.map((won) => cellOf(tasks, differing, won, of)))
  })
