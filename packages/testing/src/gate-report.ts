import type { Interval } from '@posttrain/core'
import type { RunVerdict } from './run-body.js'

/** The runs of one task, in their order. */
export interface TaskRuns {
  readonly id: string
  readonly runs: readonly RunVerdict[]
}

/** Whether a metric reaches its bound. */
export interface MetricCheck {
  /** For instance `pass@8`. */
  readonly metric: string
  readonly atLeast: number
  /** Whether the lower bound of the interval reaches it. */
  readonly passed: boolean
  /** The unbiased estimate, for several tasks their mean; where k is near n it may lie outside of the interval. */
  readonly value: number
  readonly interval: Interval
}

/** What the runs of a gate have shown. */
export interface GateReport {
  /** Whether every metric reaches its bound. */
  readonly passed: boolean
  /** All of it in words: a line for each metric, and one for each kind of failure with its count. */
  readonly text: string
  readonly checks: readonly MetricCheck[]
  readonly tasks: readonly TaskRuns[]
}
