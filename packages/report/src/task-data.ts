/**
 * Tasks and their samples as a page carries them: columns of numbers, and each distinct text once. A column of texts
 * holds places in `texts`, whose first is the empty text: what a task or a sample does not have.
 */
export interface TaskData {
  readonly texts: readonly string[]
  /** Columns with an entry per task. */
  readonly tasks: {
    readonly id: readonly number[]
    readonly prompt: readonly number[]
    readonly reference: readonly number[]
    /** (tasks + 1): place of each task's first sample; samples are in the order of the tasks. */
    readonly starts: readonly number[]
  }
  /** Columns with an entry per sample. */
  readonly samples: {
    readonly label: readonly number[]
    readonly verdict: readonly number[]
    readonly answer: readonly number[]
    readonly completion: readonly number[]
    /** null: not scored. */
    readonly reward: readonly (number | null)[]
  }
}
