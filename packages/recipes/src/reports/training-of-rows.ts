import { mean } from '@posttrain/core'
import { nats, percent, trainingChart, type Chart, type TrainingSeries, type Unit } from '@posttrain/report'
import type { TrainingRecord } from '../run/records.js'
import type { ReportedRun, RunsComparison } from './runs-report.js'

type Quantity = 'reward' | 'solved' | 'entropy' | 'informative'

const QUANTITIES: readonly (readonly [Quantity, string, Unit])[] = [
  ['reward', 'mean reward', percent],
  ['solved', 'prompts with a correct sample', percent],
  ['entropy', 'entropy per token', nats],
  ['informative', 'samples that carry a gradient', percent],
]

/** What training went through, a line for each row: of several seeds their mean. */
export function trainingChartsOfRuns({ rows }: RunsComparison, runs: readonly ReportedRun[]): Chart[] {
  const order = rows.map(({ label }) => label)
  const trained = rows.flatMap((row) => {
    const ofRuns = runs.filter(({ name }) => row.runs.includes(name))
    const bySeed = ofRuns.map(({ training }) => training.filter(({ variant }) => variant === row.variant))
    return bySeed[0]!.length === 0 ? [] : [{ name: row.label, bySeed }]
  })
  if (trained.length === 0) return []
  return QUANTITIES.map(([quantity, metric, unit]) =>
    trainingChart({ metric, unit, order, series: trained.map((row) => seriesOf(row, quantity)) }),
  )
}

const seriesOf = (
  { name, bySeed }: { readonly name: string; readonly bySeed: readonly (readonly TrainingRecord[])[] },
  quantity: Quantity,
): TrainingSeries => ({
  name,
  points: bySeed[0]!.map(({ step }, i) => ({ step, value: mean(bySeed.map((records) => records[i]![quantity])) })),
})
