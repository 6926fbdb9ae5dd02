import { nats, percent, type LiveChart, type LivePoint } from '@posttrain/report'
import type { TrainingRecord } from '../run/records.js'

/** What is drawn of a run while it trains. */
export const liveCharts: readonly LiveChart[] = [
  { key: 'reward', title: 'mean reward', unit: percent },
  { key: 'solved', title: 'prompts with a correct sample', unit: percent },
  { key: 'entropy', title: 'entropy per token', unit: nats },
  { key: 'informative', title: 'samples that carry a gradient', unit: percent },
]

/** A training record as a point of each chart. */
export const livePoint = ({ step, reward, solved, entropy, informative }: TrainingRecord): LivePoint => ({
  step,
  values: { reward, solved, entropy, informative },
})
