// Measures how often intervals over tasks hold the true value, and writes docs/coverage.md. Takes about twenty minutes:
//   npx tsx --conditions=@posttrain/source tools/simulations/coverage.ts
import { writeFileSync } from 'node:fs'
import { createStream } from '@posttrain/core'
import { meanInterval, type IntervalMethod } from '@posttrain/estimators'
import { coverageDocument, type Cell } from './coverage-document.js'
import { populations, type Population } from './populations.js'

const TASKS = [50, 100, 200, 500, 1000]

/** Runs per cell. Two standard errors of a coverage of 95 % are then 0.6 points, and 1.4 for the slow bootstrap. */
const RUNS = { score: 5000, 'student-t': 5000, percentile: 1000, bca: 1000 }
const BOOTSTRAP_TASKS = 200

/** Resamples of a bootstrap: fewer than the default, to finish; their own noise costs about 0.2 points. */
const RESAMPLES = 1000

function simulate(population: Population, tasks: number): Cell {
  const { rates, metric, truth, unit, extreme } = population
  const stream = createStream(1, 'coverage', rates, metric, tasks)
  const methods = (Object.keys(RUNS) as IntervalMethod[]).filter((method) =>
    method === 'score' ? unit : method === 'student-t' || tasks <= BOOTSTRAP_TASKS,
  )
  const covered = new Map<IntervalMethod, number>(methods.map((method) => [method, 0]))
  const nearestEnd = unit && truth >= 0.5 ? 1 : 0
  let informative = 0
  for (let run = 0; run < Math.max(...Object.values(RUNS)); run++) {
    const values = Float64Array.from({ length: tasks }, () => population.draw(stream))
    informative += values.filter((value) => value !== nearestEnd).length
    for (const method of methods) {
      if (run >= RUNS[method]) continue
      const { lower, upper } = meanInterval(values, { method, resamples: RESAMPLES, seed: run })
      if (lower <= truth && truth <= upper) covered.set(method, covered.get(method)! + 1)
    }
  }
  const coverage = Object.fromEntries(methods.map((method) => [method, covered.get(method)! / RUNS[method]]))
  return { rates, metric, tasks, truth, unit, extreme, informative: informative / RUNS['student-t'], coverage }
}

const cells = populations.flatMap((population) =>
  TASKS.map((tasks) => {
    const cell = simulate(population, tasks)
    const shares = Object.entries(cell.coverage).map(([method, share]) => `${method} ${(100 * share).toFixed(1)}`)
    process.stderr.write(`${cell.rates}, ${cell.metric}, ${tasks} tasks: ${shares.join(', ')}\n`)
    return cell
  }),
)
writeFileSync(new URL('../../docs/coverage.md', import.meta.url), coverageDocument(cells, TASKS, RUNS, RESAMPLES))
