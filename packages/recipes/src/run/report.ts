import { textPrompt } from '@posttrain/core'
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
import type { Experiment } from './experiment.js'
import type { TrainingRecord } from './records.js'
import type { MeasuredVariants, RunSummary } from './summary.js'
import { comparisonTable, publishedTable, resultTable } from './tables.js'

const SAMPLE_TASKS = 4
const SAMPLES_PER_VARIANT = 2

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
      kind: 'samples',
      title: 'Samples',
      text: `The first ${SAMPLES_PER_VARIANT} samples of each variant on the first ${SAMPLE_TASKS} held-out tasks.`,
      samples: reportSamples(experiment, measured),
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

function reportSamples({ recipe, variants }: Experiment, measured: MeasuredVariants): ReportSample[] {
  const tasks = recipe.tasks.heldOut.slice(0, SAMPLE_TASKS)
  return tasks.flatMap((task, t) =>
    variants.flatMap(({ name, label }) => {
      const group = measured.get(name)![t]
      return (group?.samples ?? []).slice(0, SAMPLES_PER_VARIANT).map(({ text }, i): ReportSample => {
        const outcome = group!.outcomes[i]!
        const reward = outcome.kind === 'scored' ? outcome.reward : undefined
        return {
          prompt: textPrompt(task),
          completion: recipe.describe(text),
          verdict: reward === undefined ? 'not scored' : reward > 0 ? 'correct' : 'wrong',
          label,
          reward,
        }
      })
    }),
  )
}
