import type { TrainingRecord } from '../run/records.js'
import type { RunConfig } from '../run/config.js'
import type { RunSession } from '../run/sessions.js'
import type { ReportedRow } from './reported-row.js'
import type { RowDifference } from './row-differences.js'

/** One of the runs of a report. */
export interface ReportedRun {
  /** The folder's own name. */
  readonly name: string
  readonly path: string
  readonly config: RunConfig
  readonly training: readonly TrainingRecord[]
  /** When and where it was at work; one that was killed is missing. */
  readonly sessions: readonly RunSession[]
}

/** Runs of one recipe that were measured on the same held-out tasks, and what they show. */
export interface RunsComparison {
  readonly recipe: string
  readonly title: string
  readonly heldOutTasks: number
  /** Names of the runs. */
  readonly runs: readonly string[]
  readonly metrics: readonly string[]
  readonly rows: readonly ReportedRow[]
  readonly differences: readonly RowDifference[]
  /** Sentences with the figures, the first over all. */
  readonly verdict: readonly string[]
  /** What to mind, in sentences. */
  readonly warnings: readonly string[]
}

/** What several runs show, on one page. */
export interface RunsReport {
  readonly title: string
  readonly runs: readonly ReportedRun[]
  /** One for the runs of each recipe and number of held-out tasks. */
  readonly comparisons: readonly RunsComparison[]
}
