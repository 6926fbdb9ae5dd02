import { sortedChart, type ReportSection, type Table } from '@posttrain/report'
import { DRAWN, describeDrawn } from './drawn-parts.js'
import { labelOf, unitOf, type Part } from './show-evaluation.js'

/**
 * Tasks sorted by their share of successes, or by their mean reward, and how many are never and always solved: of one
 * log as a sentence, of several groups as a table.
 */
export function successSections(parts: readonly Part[]): readonly ReportSection[] {
  const first = parts[0]!.evaluation.curve[0]!.estimate.name
  const metric = first.startsWith('best-of') ? 'mean reward' : first
  const title = `${metric} of each task, sorted`
  const series = parts.slice(0, DRAWN).map((part) => {
    return { name: labelOf(part) || metric, values: part.evaluation.byTask }
  })
  const charts = [sortedChart({ series, metric, title, unit: unitOf(parts) })]
  const degrees = degreesOf(parts)
  const said = parts.length === 1 && degrees.length > 0 ? [describeSuccess(parts[0]!)] : []
  return [
    { kind: 'chart', title: 'Tasks by success', text: [...said, ...describeDrawn(parts)].join('\n\n'), charts },
    ...(parts.length > 1 && degrees.length > 0 ? [{ kind: 'table', table: successTable(parts) } as const] : []),
  ]
}

/** How far a task is solved. */
interface Degree {
  readonly name: string
  readonly has: (value: number) => boolean
}

const [NONE, SOME, ALL] = [
  (value: number) => value === 0,
  (value: number) => value > 0 && value < 1,
  (value: number) => value === 1,
]

/** What can be told apart of all parts; nothing where rewards have no bounds. */
function degreesOf(parts: readonly Part[]): readonly Degree[] {
  const names = (none: string, some: string, all: string): readonly Degree[] => [
    { name: none, has: NONE },
    { name: some, has: SOME },
    { name: all, has: ALL },
  ]
  if (!parts.every(({ log }) => log.totals.withinUnit)) return []
  if (!parts.every(({ log }) => log.totals.binary)) return names('mean reward 0', 'between', 'mean reward 1')
  if (!parts.every(hasOneSample)) return names('never solved', 'sometimes', 'always')
  return names('not solved', '', 'solved').filter(({ name }) => name !== '')
}

/** Whether one sample of each task is what the first of the curve is of. */
const hasOneSample = ({ log, evaluation }: Part): boolean =>
  log.totals.stoppedAt !== undefined || evaluation.curve[0]!.estimate.samplesPerTask.max === 1

/** For instance `33 (20.1 %)`. */
function countOf({ evaluation: { byTask } }: Part, { has }: Degree): string {
  const count = byTask.reduce((sum, value) => sum + (has(value) ? 1 : 0), 0)
  return `${count} (${((100 * count) / byTask.length).toFixed(1)} %)`
}

/**
 * For instance `Of 164 tasks, by 8 samples each: never solved 33 (20.1 %), sometimes 96 (58.5 %), always 35 (21.3 %).`
 */
export function describeSuccess(part: Part): string {
  const { byTask } = part.evaluation
  const tasks = byTask.length === 1 ? '1 task' : `${byTask.length} tasks`
  const counts = degreesOf([part]).map((degree) => `${degree.name} ${countOf(part, degree)}`)
  return `Of ${tasks}, by ${samplesOf(part)}: ${counts.join(', ')}.`
}

function samplesOf({ log, evaluation }: Part): string {
  const { min, max } = evaluation.curve[0]!.estimate.samplesPerTask
  if (log.totals.stoppedAt !== undefined) return 'the first sample of each'
  if (max === 1) return 'one sample each'
  return min === max ? `${max} samples each` : `${min} to ${max} samples each`
}

/** The same for each group. */
export function successTable(parts: readonly Part[]): Table {
  const degrees = degreesOf(parts)
  return {
    columns: [
      { header: Object.keys(parts[0]!.group).join(', ') },
      ...['tasks', ...degrees.map(({ name }) => name)].map((header) => ({ header, align: 'right' as const })),
    ],
    rows: parts.map((part) => [
      { text: labelOf(part), note: `by ${samplesOf(part)}` },
      String(part.evaluation.byTask.length),
      ...degrees.map((degree) => countOf(part, degree)),
    ]),
  }
}
