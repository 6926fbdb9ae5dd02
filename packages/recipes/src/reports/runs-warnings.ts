import { mean } from '@posttrain/core'
import { fewestTasksToDecide } from '@posttrain/estimators'
import type { ReadRun } from './read-finished-run.js'
import { unpairedRows, type RowDifference } from './row-differences.js'
import type { ReportedRow } from './reported-row.js'
import type { SeedsOfVariant } from './variants-of-runs.js'

/** On fewer tasks an interval leans on their being alike. */
const FEW_TASKS = 30
/** Of samples that carry a gradient; below it the rewards of most groups do not differ in what the objective asks. */
const LOW_INFORMATIVE = 0.1
/** Share of a training at its end that is looked at. */
const END = 0.1

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`

/** What to mind in a comparison of runs. */
interface Warned {
  readonly runs: readonly ReadRun[]
  readonly seeds: readonly SeedsOfVariant[]
  readonly rows: readonly ReportedRow[]
  readonly differences: readonly RowDifference[]
}

/** What to mind, in sentences, where there is something. */
export const warningsOfRuns = ({ runs, seeds, rows, differences }: Warned): string[] => [
  ...ofTasks(runs[0]!.config.heldOutTasks, rows.length),
  ...ofSeeds(rows),
  ...ofPairs(rows, differences),
  ...rows.flatMap(ofUnscored),
  ...runs.flatMap(ofGradients),
  ...seeds.flatMap(ofRepeats),
]

function ofTasks(tasks: number, rows: number): string[] {
  const pairs = (rows * (rows - 1)) / 2
  const fewest = fewestTasksToDecide(1 - 0.05 / Math.max(1, pairs))
  if (tasks < fewest) {
    return [
      `Few tasks: with ${counted(pairs, 'pair')} no difference on ${tasks} tasks and one seed can be credible; that takes ${fewest}.`,
    ]
  }
  return tasks < FEW_TASKS ? [`Few tasks: an interval over ${tasks} leans on their being alike.`] : []
}

const ofSeeds = (rows: readonly ReportedRow[]): string[] => {
  const two = rows.filter(({ seeds }) => seeds.length === 2)
  return two.length === 0
    ? []
    : [`Two seeds say little of others: the intervals of ${two[0]!.label} would narrow with a third.`]
}

const ofPairs = (rows: readonly ReportedRow[], differences: readonly RowDifference[]): string[] => [
  ...unpairedRows(rows).map(([a, b]) => `${a} and ${b} have no seed in common: no difference is given.`),
  ...(differences.some(({ seeds }) => seeds.length === 0)
    ? ['Some pairs are of one seed each and not the same: their differences are also those of the seeds.']
    : []),
]

function ofUnscored({ label, estimates }: ReportedRow): string[] {
  const { unscored = 0 } = Object.values(estimates)[0] ?? {}
  return unscored === 0
    ? []
    : [`Unscored: ${counted(unscored, 'sample')} of ${label} without a score, counted as wrong.`]
}

function ofGradients({ name, training, experiment }: ReadRun): string[] {
  return experiment.variants.flatMap((variant) => {
    const own = training.filter((record) => record.variant === variant.name)
    if (own.length === 0) return []
    const last = own.slice(-Math.max(1, Math.round(own.length * END)))
    const share = mean(last.map(({ informative }) => informative))
    if (share >= LOW_INFORMATIVE) return []
    return [
      `Few gradients: in the last ${counted(last.length, 'step')} of ${variant.label} (${name}) ` +
        `${(100 * share).toFixed(1)} % of the samples carried a gradient: the rewards of most groups did not differ enough to teach anything.`,
    ]
  })
}

/** The same settings and seed must give the same samples. */
const ofRepeats = ({ members, repeated }: SeedsOfVariant): string[] =>
  repeated.flatMap((one) => {
    const first = members.find(({ run }) => run.config.seed === one.run.config.seed)!
    const of = ({ run, variant }: typeof one): string => JSON.stringify(run.measured.get(variant.name))
    const which = `${one.variant.label} of ${first.run.name} and ${one.run.name}`
    return of(first) === of(one)
      ? []
      : [`Not reproduced: ${which} have the same settings and seed but other samples; the first of them is shown.`]
  })
