import type { Estimate } from '@posttrain/core'

/** An estimate over 260 tasks with an interval of ±3 points. */
export const estimateOf = (value: number, overrides: Partial<Estimate> = {}): Estimate => ({
  name: 'pass@1',
  value,
  interval: { lower: value - 0.03, upper: value + 0.03, level: 0.95, method: 'percentile bootstrap over tasks' },
  tasks: 260,
  samplesPerTask: { min: 64, max: 64 },
  unscoredPolicy: 'count-as-failure',
  unscored: 2,
  ...overrides,
})
