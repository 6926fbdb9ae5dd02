import { textPrompt } from '@posttrain/core'
import {
  curveChart,
  nats,
  percent,
  renderHtmlReport,
  settingsTable,
  trainingChart,
  type Chart,
  type ReportSection,
  type ReportTask,
  type TaskSample,
  type Unit,
} from '@posttrain/report'
import type { Recipe } from '../recipe.js'
import type { Experiment } from './experiment.js'
import type { MeasuredGroup } from './measured-groups.js'
import type { TrainingRecord } from './records.js'
import type { MeasuredVariants, RunSummary } from './summary.js'
import { comparisonTable, publishedTable, resultTable } from './tables.js'

/** What a report is made from. */
export interface RunReportInput {
  readonly experiment: Experiment
  readonly summary: RunSummary
  readonly training: readonly TrainingRecord[]
  readonly measured: MeasuredVariants
}

/** The HTML report of a run: the same records give the same bytes. */
export function renderRunReport({ experiment, summary, training, measured }: RunReportInput): Promise<string> {
  const { recipe, config } = experiment
  const order = summary.variants.map(({ label }) => label)
  const sections: ReportSection[] = [
    {
      kind: 'table',
      title: 'What each algorithm is good for',
      text:
        `Each row is the same checkpoint, trained by another algorithm and measured on ${config.heldOutTasks} held-out tasks, ` +
        `${config.samplesPerTask} samples each at temperature 1. Intervals are over tasks.`,
      table: resultTable(summary),
    },
    {
      kind: 'table',
      title: 'Paired differences',
      text: 'On the same tasks, in percentage points. A difference is set in bold where both its interval and its test exclude zero.',
      table: comparisonTable(summary),
    },
    { kind: 'chart', title: 'pass@k', charts: [passAtKChart(summary, order)] },
    ...publishedSections(experiment, summary),
    { kind: 'chart', title: 'Training', charts: trainingCharts(experiment, training, order) },
    {
      kind: 'tasks',
      title: 'Task by task',
      text: `All samples: ${config.samplesPerTask} of each variant on each held-out task.`,
      tasks: reportTasks(experiment, measured),
    },
    { kind: 'table', title: 'Settings', table: settingsTable(config) },
  ]
  return renderHtmlReport({
    title: `${recipe.title}: one checkpoint, ${config.algorithms.length} ways to train it`,
    subtitle: order.slice(1).join(' · '),
    sections: sections.filter((section) => section.kind !== 'chart' || section.charts.length > 0),
    footer: `posttrain run ${recipe.name} --seed ${config.seed}`,
  })
}

function passAtKChart({ variants }: RunSummary, order: readonly string[]): Chart {
  return curveChart({ series: variants.map(({ label, curve }) => ({ name: label, points: curve })), order })
}

function publishedSections({ recipe }: Experiment, { published: summary }: RunSummary): ReportSection[] {
  if (!recipe.published || !summary) return []
  const ours = summary.variants.map(({ label, curve }) => ({ name: label, points: curve }))
  const others = summary.others.map(({ name, curve }) => ({ name, points: curve, context: true }))
  const table = publishedTable(summary)
  return [
    { kind: 'table', title: 'Beside published results', text: recipe.published.note, table },
    { kind: 'chart', charts: [curveChart({ series: [...ours, ...others], order: ours.map(({ name }) => name) })] },
  ]
}

function trainingCharts(
  { variants }: Experiment,
  training: readonly TrainingRecord[],
  order: readonly string[],
): Chart[] {
  const trained = variants.filter(({ name }) => training.some(({ variant }) => variant === name))
  if (trained.length === 0) return []
  const chart = (metric: string, unit: Unit, valueOf: (record: TrainingRecord) => number): Chart =>
    trainingChart({
      metric,
      unit,
      order,
      series: trained.map(({ name, label }) => ({
        name: label,
        points: training.filter((r) => r.variant === name).map((r) => ({ step: r.step, value: valueOf(r) })),
      })),
    })
  return [
    chart('mean reward', percent, (r) => r.reward),
    chart('prompts with a correct sample', percent, (r) => r.solved),
    chart('entropy per token', nats, (r) => r.entropy),
    chart('samples that carry a gradient', percent, (r) => r.informative),
  ]
}

function reportTasks({ recipe, variants }: Experiment, measured: MeasuredVariants): ReportTask[] {
  const samples = new Map<string, TaskSample[]>()
  for (const { name, label } of variants) {
    for (const group of measured.get(name)!) {
      const own = taskSamples(group, label, recipe)
      samples.set(group.task.id, [...(samples.get(group.task.id) ?? []), ...own])
    }
  }
  return recipe.tasks.heldOut
    .filter(({ id }) => samples.has(id))
    .map((task) => ({
      id: task.id,
      prompt: textPrompt(task),
      reference: task.reference,
      samples: samples.get(task.id)!,
    }))
}

const taskSamples = ({ samples, outcomes }: MeasuredGroup, label: string, recipe: Recipe): TaskSample[] =>
  samples.map(({ text }, i) => {
    const outcome = outcomes[i]!
    const reward = outcome.kind === 'scored' ? outcome.reward : undefined
    const verdict = reward === undefined ? 'not scored' : reward > 0 ? 'correct' : 'wrong'
    return { completion: recipe.describe(text), answer: outcome.answer, verdict, label, reward }
  })
