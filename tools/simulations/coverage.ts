// Measures how often intervals over tasks hold the true value, and writes docs/coverage.md. Takes about ten minutes:
//   npx tsx --conditions=@posttrain/source tools/simulations/coverage.ts
import { writeFileSync } from 'node:fs'
import { createStream } from '@posttrain/core'
import type { Interval } from '@posttrain/core'
import { meanInterval, passAtK, passHatK } from '@posttrain/estimators'
import { coverageDocument, type Cell } from './coverage-document.js'
import { drawCorrect, drawRate, expectedPassAtK, expectedPassHatK, successRates, type SuccessRates } from './success-rates.js'

const TASKS = [50, 100, 200, 500, 1000]
/** Runs per cell: a coverage of 95 % is then known to ±0.4 points (two standard errors) … */
const RUNS = 10_000
/** … and for the bootstrap, which costs a thousand times as much, to ±1.4 points. */
const BOOTSTRAP_RUNS = 1000
const RESAMPLES = 1000

/** What is estimated from the n samples of each task. */
interface Metric {
  readonly name: string
  readonly n: number
  readonly of: (c: number) => number
  readonly truth: (rates: SuccessRates) => number
}

const metrics: readonly Metric[] = [
  { name: 'pass@1 from 1 sample', n: 1, of: (c) => c, truth: (rates) => expectedPassAtK(rates, 1) },
  { name: 'pass@1 from 16', n: 16, of: (c) => c / 16, truth: (rates) => expectedPassAtK(rates, 1) },
  { name: 'pass@8 from 16', n: 16, of: (c) => passAtK(16, c, 8), truth: (rates) => expectedPassAtK(rates, 8) },
  { name: 'pass^4 from 16', n: 16, of: (c) => passHatK(16, c, 4), truth: (rates) => expectedPassHatK(rates, 4) },
]

const analytic = ['score', 'student-t'] as const
const bootstraps = ['percentile', 'bca'] as const

const holds = ({ lower, upper }: Interval, value: number): number => (lower <= value && value <= upper ? 1 : 0)

function simulate(rates: SuccessRates, metric: Metric, tasks: number): Cell {
  const truth = metric.truth(rates)
  const stream = createStream(1, 'coverage', rates.name, metric.name, tasks)
  const covered = { score: 0, 'student-t': 0, percentile: 0, bca: 0 }
  let width = 0
  let atEnd = 0
  for (let run = 0; run < RUNS; run++) {
    const values = new Float64Array(tasks)
    for (let i = 0; i < tasks; i++) values[i] = metric.of(drawCorrect(metric.n, drawRate(rates, stream), stream))
    for (const method of analytic) {
      const interval = meanInterval(values, { method })
      covered[method] += holds(interval, truth)
      if (method === 'score') width += interval.upper - interval.lower
    }
    const end = truth < 0.5 ? 0 : 1
    atEnd += values.filter((value) => value === end).length
    if (run < BOOTSTRAP_RUNS) {
      for (const method of bootstraps) {
        covered[method] += holds(meanInterval(values, { method, resamples: RESAMPLES, seed: run }), truth)
      }
    }
  }
  return {
    rates: rates.name,
    metric: metric.name,
    tasks,
    truth,
    informative: tasks - atEnd / RUNS,
    width: width / RUNS,
    coverage: {
      score: covered.score / RUNS,
      'student-t': covered['student-t'] / RUNS,
      percentile: covered.percentile / BOOTSTRAP_RUNS,
      bca: covered.bca / BOOTSTRAP_RUNS,
    },
  }
}

const cells: Cell[] = []
for (const rates of successRates) {
  for (const metric of metrics) {
    for (const tasks of TASKS) {
      const cell = simulate(rates, metric, tasks)
      cells.push(cell)
      process.stderr.write(
        `${rates.name}, ${metric.name}, ${tasks} tasks: ${Object.entries(cell.coverage)
          .map(([method, share]) => `${method} ${(100 * share).toFixed(1)}`)
          .join(', ')}\n`,
      )
    }
  }
}
const file = new URL('../../docs/coverage.md', import.meta.url)
writeFileSync(file, coverageDocument(cells, { runs: RUNS, bootstrapRuns: BOOTSTRAP_RUNS, resamples: RESAMPLES }))
