import type { DifferenceMethod } from '@posttrain/estimators'
import type { ClusterCell } from './clusters.js'
import type { EqualCell } from './equal-systems.js'
import type { VerdictCell } from './paired-verdicts.js'

/** What was measured for one kind of tasks, one metric and one number of tasks. */
export interface Cell {
  readonly rates: string
  readonly metric: string
  readonly tasks: number
  readonly truth: number
  readonly unit: boolean
  readonly extreme: boolean
  /** Tasks expected to differ from the end (0 or 1) nearest to the truth, or from no difference. */
  readonly informative: number
  /** The default. */
  readonly method: DifferenceMethod
  readonly coverage: Readonly<Partial<Record<DifferenceMethod, number>>>
}

/** Everything that goes into the document. */
export interface Measured {
  readonly cells: readonly Cell[]
  readonly verdicts: readonly VerdictCell[]
  readonly equal: readonly EqualCell[]
  readonly clustered: readonly ClusterCell[]
}

/** How it was measured. */
export interface CoverageSettings {
  readonly tasks: readonly number[]
  readonly runs: number
  readonly bootstrapRuns: number
  readonly resamples: number
  readonly equalRuns: number
  readonly clusterRuns: number
}

/** Few tasks that say anything: at least ten are needed for an interval to be expected to hold its level. */
const FEW = 10

const isFew = ({ extreme, informative }: Cell): boolean => informative < FEW || extreme

/** How often an equal system may be called worse. */
const NOMINAL = 0.025

const percent = (share: number): string => (100 * share).toFixed(1)

/** A coverage with the signs of what is to be known of it. */
function marked(share: number, few: boolean): string {
  const side = share < 0.93 ? ' ▼' : share > 0.97 ? ' ▲' : ''
  return `${percent(share)}${few ? ' †' : ''}${side}`
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

const range = (shares: readonly number[]): string =>
  shares.length === 0 ? '' : `${percent(Math.min(...shares))} … ${percent(Math.max(...shares))}`

/** Lowest and highest coverage of each method over the cells of one number of tasks that are not few. */
function summary(cells: readonly Cell[], tasks: readonly number[]): string {
  const methods = [...new Set(cells.flatMap(({ coverage }) => Object.keys(coverage) as DifferenceMethod[]))]
  return table(
    ['method', ...tasks.map((count) => `${count} tasks`)],
    methods.map((method) => [
      `\`${method}\``,
      ...tasks.map((count) =>
        range(
          cells
            .filter((cell) => cell.tasks === count && !isFew(cell))
            .flatMap(({ coverage }) => coverage[method] ?? []),
        ),
      ),
    ]),
  )
}

/** Coverage of the default in every cell. */
function details(cells: readonly Cell[], tasks: readonly number[]): string {
  const kinds = [...new Map(cells.map((cell) => [`${cell.rates}\n${cell.metric}`, cell])).values()]
  return table(
    ['success rates', 'metric', 'method', 'true value', ...tasks.map(String)],
    kinds.map(({ rates, metric, truth, method }) => [
      rates,
      metric,
      `\`${method}\``,
      truth.toFixed(3),
      ...tasks.map((count) => {
        const cell = cells.find((one) => one.rates === rates && one.metric === metric && one.tasks === count)!
        return marked(cell.coverage[method]!, isFew(cell))
      }),
    ]),
  )
}

/** Rows of cells that agree in all but one thing, by which their columns are. */
function grid<T>(cells: readonly T[], row: (cell: T) => readonly string[], entry: (cell: T) => string): string[][] {
  const rows = new Map<string, string[]>()
  for (const cell of cells) {
    const head = row(cell)
    const known = rows.get(head.join('\n')) ?? [...head]
    known.push(entry(cell))
    rows.set(head.join('\n'), known)
  }
  return [...rows.values()]
}

function verdictTable(cells: readonly VerdictCell[], entry: (cell: VerdictCell) => string): string {
  const tasks = [...new Set(cells.map((cell) => cell.tasks))]
  const row = ({ differing, won }: VerdictCell): string[] => [`${100 * differing} %`, `${100 * won} %`]
  return table(['tasks that differ', 'of these, b solves', ...tasks.map(String)], grid(cells, row, entry))
}

/** Lowest and highest share of equal systems called worse. */
function equalSummary(cells: readonly EqualCell[]): string {
  const counts = [...new Set(cells.map(({ tasks }) => tasks))]
  const comparisons = [...new Set(cells.map(({ comparison }) => comparison))]
  return table(
    ['b is', ...counts.map((count) => `${count} tasks`)],
    comparisons.map((name) => [
      name,
      ...counts.map((count) =>
        range(cells.filter((cell) => cell.comparison === name && cell.tasks === count).map(({ worse }) => worse)),
      ),
    ]),
  )
}

/** Shares called worse, and better, with a sign where one is above the nominal share by more than its noise. */
function equalTable(cells: readonly EqualCell[], most: number): string {
  const counts = [...new Set(cells.map(({ tasks }) => tasks))]
  const row = ({ comparison, rates, metric }: EqualCell): string[] => [comparison, rates, metric]
  const entry = ({ worse, better, extreme }: EqualCell): string => {
    const few = extreme ? ' †' : ''
    return `${percent(worse)} / ${percent(better)}${few}${Math.max(worse, better) > most ? ' ▼' : ''}`
  }
  return table(['b is', 'success rates', 'metric', ...counts.map(String)], grid(cells, row, entry))
}

function clusterTable(cells: readonly ClusterCell[]): string {
  const counts = [...new Set(cells.map(({ clusters }) => clusters))]
  const row = ({ quantity, sizes, shared }: ClusterCell): string[] => [quantity, sizes, `${100 * shared} %`]
  return table(
    ['mean of', 'sizes', 'tasks as their cluster', ...counts.map((count) => `${count} clusters`)],
    grid(cells, row, ({ coverage }) => marked(coverage, false)),
  )
}

/** The document that goes to docs/coverage.md. */
export function coverageDocument({ cells, verdicts, equal, clustered }: Measured, settings: CoverageSettings): string {
  const { tasks, runs, bootstrapRuns, resamples, equalRuns, clusterRuns } = settings
  const single = cells.filter(({ unit }) => unit)
  const paired = cells.filter(({ unit }) => !unit)
  const ofFew = (of: readonly Cell[]): string =>
    range(of.filter(isFew).map(({ coverage, method }) => coverage[method]!))
  const even = verdicts.filter(({ won }) => won === 0.5)
  const noise = 2 * Math.sqrt((NOMINAL * (1 - NOMINAL)) / equalRuns)
  return `# How often the intervals hold

Written by \`tools/simulations/coverage.ts\`; do not edit. The share, in percent, of simulated evaluations whose 95 % interval over
tasks holds the true mean over tasks of the kind: ${runs} evaluations per figure (± 0.6), ${bootstrapRuns} for the two
bootstraps (± 1.4; ${resamples} resamples, up to 200 tasks). Tasks are drawn from populations of 20,000 whose success rates follow a
Beta distribution, some being unsolvable; true values are exact. The kinds are in \`tools/simulations/success-rates.ts\`.

Marks in the tables of the defaults:

- ▼ below 93 %: the interval is too narrow there. ▲ above 97 %: it is wider than it need be.
- † fewer than ten tasks are expected to differ from the nearest of 0 and 1 (or, of a difference, from no difference), or a true
  metric is within 0.02 of 0 or 1. From such data no method recovers the tail it has not seen; the summaries leave these cells out.

## One system

The lowest and highest coverage over all kinds of tasks and metrics:

${summary(single, tasks)}

\`score\` is the default for values in [0, 1]. In the cells marked † it holds ${ofFew(single)} %: there it errs on the wide side.

## The difference of two systems on the same tasks

The second system differs from the first on 30 % of the tasks. \`pairedDifference\` takes \`tango\` where there is one verdict on each
side, \`score\` for other values in [0, 1], and \`student-t\` only for values without bounds. In the cells marked † the two defaults
hold ${ofFew(paired)} %: where hardly any task differs they err on the wide side.

${summary(paired, tasks)}

## One verdict on each side, exactly

Summed over every outcome, not simulated: the coverage of \`tango\`, also where few tasks differ. † marks fewer than ten tasks that
are expected to differ.

${verdictTable(verdicts, ({ coverage, tasks: count, differing }) => marked(coverage, count * differing < FEW))}

## How often an equal system is called worse

A difference counts as shown only where the interval leaves out 0 and p ≤ 0.05. The share, in percent, of evaluations of two equal
systems after which b is called worse, summed over every outcome; nominal is 2.5.

${verdictTable(even, ({ worse }) => (100 * worse).toFixed(2))}

Simulated for every metric and kind of tasks, with ${equalRuns} comparisons per figure (± ${percent(noise)}): the lowest and highest share
over all of them. \`pairedDifference\` compares on the same tasks, \`unpairedDifference\` on other tasks of the same kind,
\`differenceFromValue\` with a number.

${equalSummary(equal)}

## Clusters

The defaults, where tasks come in clusters of these sizes and some tasks have the value of their cluster, others one of their own:
${clusterRuns} evaluations per figure (± 0.8). The number of tasks that clusters stand for is Kish's at least, so that few clusters
which hold most tasks make the interval wide, rather than wrong.

${clusterTable(clustered)}

## The default for one system, in every cell

${details(single, tasks)}

## The default for a difference, in every cell

${details(paired, tasks)}

## Equal systems, in every cell

The share of comparisons, in percent, after which b is called worse / better than its equal. ▼ marks more than the nominal 2.5 and
its noise; † a true metric within 0.02 of 0 or 1.

${equalTable(equal, NOMINAL + noise)}
`
}
