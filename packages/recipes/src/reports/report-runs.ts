import { invalidArgument } from '@posttrain/core'
import { metricsByName, objectiveNameOf } from '../run/experiment.js'
import { IN_NATS, isInNats } from '../run/summary.js'
import { measureRow } from './measured-row.js'
import { readFinishedRun, type ReadRun } from './read-finished-run.js'
import { rowDifferences, type RowWithValues } from './row-differences.js'
import { rowLabels } from './row-labels.js'
import type { RunsComparison, RunsReport } from './runs-report.js'
import { verdictOfRuns } from './runs-verdict.js'
import { warningsOfRuns } from './runs-warnings.js'
import { variantsOfRuns } from './variants-of-runs.js'

/**
 * What finished runs show together: every way of training by every metric, with paired differences across runs. Runs
 * that differ in their seed alone are one row, whose interval is over seeds and tasks. Runs of different recipes or on
 * different held-out tasks stand side by side.
 *
 * It reads the folders and changes nothing: the same folders give the same report.
 *
 * @param paths run folders, each once
 * @throws PosttrainError `invalid-data`, naming the folder or file, for one that is no run, not finished, or damaged;
 *   `invalid-argument` for none and for one that is given twice
 */
export function reportRuns(paths: readonly string[]): RunsReport {
  if (paths.length === 0) throw invalidArgument('there is no run to report')
  const runs = uniquelyNamed(paths.map((path) => readFinishedRun(path)))
  const repeated = runs.find(({ path }, i) => runs.findIndex((other) => other.path === path) !== i)
  if (repeated) throw invalidArgument(`the run ${repeated.path} is given twice`, 'give each run once')
  const together = new Map<string, ReadRun[]>()
  for (const run of runs) {
    const key = `${run.config.recipe} on ${run.config.heldOutTasks}`
    together.set(key, [...(together.get(key) ?? []), run])
  }
  const titles = [...new Set(runs.map(({ experiment }) => experiment.recipe.title))].join(', ')
  return {
    title: runs.length === 1 ? `${titles}: the run ${runs[0]!.name}` : `${titles}: ${runs.length} runs`,
    runs: runs.map(({ name, path, config, training, sessions }) => ({ name, path, config, training, sessions })),
    comparisons: [...together.values()].map(compareRuns),
  }
}

/** Folders in different places may have the same name. */
function uniquelyNamed(runs: readonly ReadRun[]): readonly ReadRun[] {
  const isUnique = ({ name }: ReadRun): boolean => runs.filter((other) => other.name === name).length === 1
  return runs.map((run) => (isUnique(run) ? run : { ...run, name: run.path }))
}

function compareRuns(runs: readonly ReadRun[]): RunsComparison {
  const [{ experiment, config }] = runs as readonly [ReadRun, ...ReadRun[]]
  const metrics = metricsByName(runs.flatMap((run) => run.experiment.metrics.map(({ name }) => name)))
  const seeds = variantsOfRuns(runs)
  const labels = rowLabels(seeds)
  const withValues = seeds.map((one, i): RowWithValues => {
    const { variant, run } = one.members[0]!
    return {
      label: labels[i]!,
      variant: variant.name,
      trainedFor: variant.training && trainedFor(variant.name, run),
      runs: one.members.map((member) => member.run.name),
      seeds: one.members.map((member) => member.run.config.seed),
      ...measureRow(one.members, metrics),
    }
  })
  const names = [...metrics.map(({ name }) => name), ...Object.keys(IN_NATS)]
  const differences = rowDifferences(withValues, names, config.seed)
  const rows = withValues.map(({ values: _, ...row }) => row)
  return {
    recipe: experiment.recipe.name,
    title: experiment.recipe.title,
    heldOutTasks: config.heldOutTasks,
    runs: runs.map(({ name }) => name),
    metrics: names,
    rows,
    differences,
    verdict: verdictOfRuns({ rows, differences, metrics: names.filter((name) => !isInNats(name)) }),
    warnings: warningsOfRuns({ runs, seeds, rows, differences }),
  }
}

/** The metric that a variant was trained for, under the name by which it is measured: mean reward is pass@1. */
function trainedFor(variant: string, { experiment: { recipe } }: ReadRun): string {
  const name = objectiveNameOf(variant, recipe)
  return name === 'mean' ? 'pass@1' : name
}
