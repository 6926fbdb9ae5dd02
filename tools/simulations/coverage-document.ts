import type { IntervalMethod } from '@posttrain/estimators'

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
  readonly coverage: Readonly<Partial<Record<IntervalMethod, number>>>
}

/** Cells where some interval can be expected to hold its level: ten tasks that say something, a mean not at an end. */
const ordinary = ({ extreme, informative }: Cell): boolean => informative >= 10 && !extreme

const percent = (share: number): string => (100 * share).toFixed(1)

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

const methodsOf = (cells: readonly Cell[]): IntervalMethod[] => Object.keys(cells[0]!.coverage) as IntervalMethod[]

/** Lowest and highest coverage of each method over the ordinary cells of one number of tasks. */
function summary(cells: readonly Cell[], tasks: readonly number[]): string {
  return table(
    ['method', ...tasks.map((count) => `${count} tasks`)],
    methodsOf(cells).map((method) => [
      `\`${method}\``,
      ...tasks.map((count) => {
        const shares = cells
          .filter((cell) => cell.tasks === count && ordinary(cell))
          .map((cell) => cell.coverage[method] ?? Number.NaN)
        return Number.isNaN(shares[0]) ? '' : `${percent(Math.min(...shares))} … ${percent(Math.max(...shares))}`
      }),
    ]),
  )
}

/** Coverage of one method in every cell. */
function details(cells: readonly Cell[], tasks: readonly number[], method: IntervalMethod): string {
  const kinds = [...new Map(cells.map((cell) => [`${cell.rates}\n${cell.metric}`, cell])).values()]
  return table(
    ['success rates', 'metric', 'true value', ...tasks.map(String)],
    kinds.map(({ rates, metric, truth }) => [
      rates,
      metric,
      truth.toFixed(3),
      ...tasks.map((count) => {
        const cell = cells.find((one) => one.rates === rates && one.metric === metric && one.tasks === count)!
        return `${percent(cell.coverage[method]!)}${ordinary(cell) ? '' : ' †'}`
      }),
    ]),
  )
}

/** The document that goes to docs/coverage.md. */
export function coverageDocument(
  cells: readonly Cell[],
  tasks: readonly number[],
  runs: Readonly<Record<string, number>>,
  resamples: number,
): string {
  const single = cells.filter(({ unit }) => unit)
  const paired = cells.filter(({ unit }) => !unit)
  const marked = single.filter((cell) => !ordinary(cell)).map((cell) => cell.coverage.score!)
  const markedPairs = paired.filter((cell) => !ordinary(cell)).map((cell) => cell.coverage['student-t']!)
  return `# How often the intervals hold

Written by \`tools/simulations/coverage.ts\`; do not edit. The share, in percent, of simulated evaluations whose 95 % interval over
tasks holds the true mean over tasks of the kind: ${runs['score']} evaluations per figure (± 0.6), ${runs['bca']} for the two
bootstraps (± 1.4; ${resamples} resamples, up to 200 tasks). Tasks are drawn from populations of 20,000 whose success rates follow a
Beta distribution, some being unsolvable; true values are exact. The kinds are in \`tools/simulations/success-rates.ts\`.

A cell is marked † where fewer than ten tasks are expected to differ from the nearest of 0 and 1 (or, of a difference, from no
difference), or where a true metric is within 0.02 of 0 or 1. From such data no method recovers the tail it has not seen; the
summaries leave these cells out.

## One system

The lowest and highest coverage over all kinds of tasks and metrics:

${summary(single, tasks)}

\`score\` is the default for values in [0, 1]. In the marked cells it holds ${percent(Math.min(...marked))} to ${percent(Math.max(...marked))} %: there it errs on the wide side.

## The difference of two systems on the same tasks

The second system differs from the first on 30 % of the tasks. \`student-t\` is the default of \`pairedDifference\`.
In the marked cells it holds ${percent(Math.min(...markedPairs))} to ${percent(Math.max(...markedPairs))} %: where hardly any task differs it is too narrow, and the
sign-flip p-value beside it, which needs no distribution, is what to go by.

${summary(paired, tasks)}

## The default for one system, in every cell

${details(single, tasks, 'score')}

## The default for a difference, in every cell

${details(paired, tasks, 'student-t')}
`
}
