import type { Column } from './column.js'
import type { TaskCosts } from './task-costs.js'

/** The numbers of a log. */
export interface LogColumns {
  /** (tasks): counts; NaN where a task has samples. */
  readonly n: Column<Float64Array>
  readonly c: Column<Float64Array>
  /** (samples), in the order of the log: NaN without a score. */
  readonly reward: Column<Float64Array>
  /** (samples): NaN without a proxy. */
  readonly proxy: Column<Float64Array>
  /** (samples): index into `answerKeys`; −1 without an answer. */
  readonly answer: Column<Int32Array>
  readonly answerKeys: readonly string[]
  readonly costs: TaskCosts
  /**
   * (samples): samples by task, those of a task in the order of the log, so that ties may go to the answer seen
   * first.
   */
  readonly order: Uint32Array
  /** (tasks + 1): place in `order` of each task's first sample. */
  readonly starts: Uint32Array
}
