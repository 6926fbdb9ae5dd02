import {
  curveChart,
  nats,
  percent,
  renderHtmlReport,
  settingsTable,
  trainingChart,
  type Chart,
  type ReportSample,
  type ReportSection,
  type Unit,
} from '@posttrain/report'
import type { Recipe } from '../recipe.js'
import type { RunConfig } from './config.js'
import type { SampleRecord, TrainingRecord } from './records.js'
import type { RunSummary } from './summary.js'
import { comparisonTable, contextTable, labelOf, resultTable } from './tables.js'

const SAMPLE_TASKS = 4
const SAMPLES_PER_SYSTEM = 2

/** What a report is made from. */
export interface RunReportInput {
  readonly recipe: Recipe
  readonly config: RunConfig
  readonly summary: RunSummary
  readonly training: readonly TrainingRecord[]
  readonly samples: ReadonlyMap<string, readonly SampleRecord[]>
}

/** The HTML report of a run: the same records give the same bytes. */
export function renderRunReport({ recipe, config, summary, training, samples }: RunReportInput): Promise<string> {
  const order = summary.systems.map(({ system }) => labelOf(system))
  const sections: ReportSection[] = [
    {
      kind: 'table',
      title: 'What each algorithm is good for',
      text:
        `Each row is the same checkpoint, trained by another algorithm and measured on ${config.evaluationTasks} held-out tasks, ` +
        `${config.evaluationSamples} samples each at temperature 1. Intervals are over tasks.`,
      table: resultTable(summary),
    },
    {
      kind: 'table',
      title: 'Paired differences',
      text: 'On the same tasks, in percentage points. A difference whose interval excludes zero is set in bold.',
      table: comparisonTable(summary),
    },
    { kind: 'chart', title: 'pass@k', charts: [passAtKChart(summary, order)] },
    ...contextSections(recipe, summary),
    { kind: 'chart', title: 'Training', charts: trainingCharts(training, order) },
    {
      kind: 'samples',
      title: 'Samples',
      text: `The first ${SAMPLES_PER_SYSTEM} samples of each system on the first ${SAMPLE_TASKS} held-out tasks.`,
      samples: reportSamples(recipe, samples),
    },
    { kind: 'table', title: 'Settings', table: settingsTable(config) },
  ]
  return renderHtmlReport({
    title: `${recipe.title}: one checkpoint, ${config.algorithms.length} ways to train it`,
    subtitle: config.algorithms.map((name) => labelOf(name)).join(' · '),
    sections: sections.filter((section) => section.kind !== 'chart' || section.charts.length > 0),
    footer: `posttrain run ${recipe.name} --seed ${config.seed}`,
  })
}

function passAtKChart({ systems }: RunSummary, order: readonly string[]): Chart {
  return curveChart({ series: systems.map(({ system, curve }) => ({ name: labelOf(system), points: curve })), order })
}

function contextSections({ context }: Recipe, { context: summary }: RunSummary): ReportSection[] {
  if (!context || !summary) return []
  const ours = summary.systems.map(({ system, curve }) => ({ name: labelOf(system), points: curve }))
  const others = summary.others.map(({ name, curve }) => ({ name, points: curve, context: true }))
  const table = contextTable(summary)
  return [
    { kind: 'table', title: 'In context', text: context.note, table },
    { kind: 'chart', charts: [curveChart({ series: [...ours, ...others], order: ours.map(({ name }) => name) })] },
  ]
}

function trainingCharts(training: readonly TrainingRecord[], order: readonly string[]): Chart[] {
  const systems = [...new Set(training.map(({ system }) => system))]
  if (systems.length === 0) return []
  const chart = (metric: string, unit: Unit, valueOf: (record: TrainingRecord) => number): Chart =>
    trainingChart({
      metric,
      unit,
      order,
      series: systems.map((system) => ({
        name: labelOf(system),
        points: training.filter((r) => r.system === system).map((r) => ({ step: r.step, value: valueOf(r) })),
      })),
    })
  return [
    chart('mean reward', percent, (r) => r.reward),
    chart('prompts with a correct sample', percent, (r) => r.solved),
    chart('entropy per token', nats, (r) => r.entropy),
    chart('samples that carry a gradient', percent, (r) => r.informative),
  ]
}

function reportSamples(recipe: Recipe, samples: RunReportInput['samples']): ReportSample[] {
  const tasks = recipe.tasks.heldOut.slice(0, SAMPLE_TASKS)
  return tasks.flatMap(({ id, prompt }) =>
    [...samples].flatMap(([system, records]) =>
      records
        .filter((record) => record.task_id === id)
        .slice(0, SAMPLES_PER_SYSTEM)
        .map(({ completion, reward }): ReportSample => ({
          prompt,
          completion: recipe.describe(completion),
          verdict: reward === null ? 'not scored' : reward > 0 ? 'correct' : 'wrong',
          label: labelOf(system),
          ...(reward === null ? {} : { reward }),
        })),
    ),
  )
}
