// Measures how often intervals over tasks hold the true value, and writes docs/coverage.md. Takes about forty minutes:
//   npx tsx --conditions=@posttrain/source tools/simulations/coverage.ts
import { writeFileSync } from 'node:fs'
import { createStream } from '@posttrain/core'
import { meanInterval, type DifferenceMethod } from '@posttrain/estimators'
import { differenceScoreInterval } from '../../packages/estimators/src/intervals/score.js'
import { tangoOfDifferences } from '../../packages/estimators/src/intervals/tango.js'
import { clusterCells } from './clusters.js'
import { coverageDocument, type Cell } from './coverage-document.js'
import { equalCells } from './equal-systems.js'
import { verdictCells } from './paired-verdicts.js'
import { drawValue, populations, type Population } from './populations.js'

const TASKS = [50, 100, 200, 500, 1000]

/** Runs per cell. Two standard errors of a coverage of 95 % are then 0.6 points, and 1.4 for the slow bootstrap. */
const RUNS = { tango: 5000, score: 5000, 'student-t': 5000, percentile: 1000, bca: 1000 }
const BOOTSTRAP_TASKS = 200

/** Resamples of a bootstrap: fewer than the default, to finish; their own noise costs about 0.2 points. */
const RESAMPLES = 1000

/** Comparisons of equal systems per cell: two standard errors of 2.5 % are 0.5 points. */
const EQUAL_RUNS = 4000

/** Runs per kind of clusters: two standard errors are 0.8 points. */
const CLUSTER_RUNS = 3000

/** The default comes first. */
function methodsFor({ unit, verdicts }: Population, tasks: number): DifferenceMethod[] {
  const bootstraps: DifferenceMethod[] = tasks <= BOOTSTRAP_TASKS ? ['percentile', 'bca'] : []
  return [!unit && verdicts ? 'tango' : 'score', 'student-t', ...bootstraps]
}

function intervalOf(
  values: Float64Array,
  method: DifferenceMethod,
  unit: boolean,
  seed: number,
): { lower: number; upper: number } {
  if (method === 'tango') return tangoOfDifferences(values)
  if (method === 'score' && !unit) return differenceScoreInterval(values)
  return meanInterval(values, { method, resamples: RESAMPLES, seed })
}

function simulate(population: Population, tasks: number): Cell {
  const { rates, metric, truth, unit, extreme } = population
  const stream = createStream(1, 'coverage', rates, metric, tasks)
  const methods = methodsFor(population, tasks)
  const covered = new Map(methods.map((method) => [method, 0]))
  const nearestEnd = unit && truth >= 0.5 ? 1 : 0
  const runs = Math.max(...methods.map((method) => RUNS[method]))
  let informative = 0
  for (let run = 0; run < runs; run++) {
    const values = Float64Array.from({ length: tasks }, () => drawValue(population, stream))
    informative += values.filter((value) => value !== nearestEnd).length
    for (const method of methods) {
      if (run >= RUNS[method]) continue
      const { lower, upper } = intervalOf(values, method, unit, run)
      if (lower <= truth && truth <= upper) covered.set(method, covered.get(method)! + 1)
    }
  }
  const coverage = Object.fromEntries(methods.map((method) => [method, covered.get(method)! / RUNS[method]]))
  return { rates, metric, tasks, truth, unit, extreme, informative: informative / runs, method: methods[0]!, coverage }
}

const cells = populations.flatMap((population) =>
  TASKS.map((tasks) => {
    const cell = simulate(population, tasks)
    const shares = Object.entries(cell.coverage).map(([method, share]) => `${method} ${(100 * share).toFixed(1)}`)
    process.stderr.write(`${cell.rates}, ${cell.metric}, ${tasks} tasks: ${shares.join(', ')}\n`)
    return cell
  }),
)
const measured = {
  cells,
  verdicts: verdictCells(),
  equal: equalCells(EQUAL_RUNS),
  clustered: clusterCells(CLUSTER_RUNS),
}
const settings = {
  tasks: TASKS,
  runs: RUNS.score,
  bootstrapRuns: RUNS.bca,
  resamples: RESAMPLES,
  equalRuns: EQUAL_RUNS,
  clusterRuns: CLUSTER_RUNS,
}
writeFileSync(new URL('../../docs/coverage.md', import.meta.url), coverageDocument(measured, settings))
