import type { Estimate } from '@posttrain/core'
import type { PassAtKPoint } from '../run/summary.js'

/** One way of training, or none, as it was measured: of one run, or of several that differ in their seed alone. */
export interface ReportedRow {
  /** As it is called in tables and charts. */
  readonly label: string
  readonly variant: string
  /** The metric that it was trained for, if it was and that was measured. */
  readonly trainedFor?: string | undefined
  /** Names of the runs, one for each seed. */
  readonly runs: readonly string[]
  readonly seeds: readonly number[]
  /** By metric: over tasks for one seed, over seeds and tasks for several. */
  readonly estimates: Readonly<Record<string, Estimate>>
  readonly curve: readonly PassAtKPoint[]
}
