/** One thing to be solved: a prompt, and what a reward function needs to judge an answer to it. */
export interface Task {
  /** Unique within a data set; names the task's random streams and its rows in every log. */
  readonly id: string
  /** The text a sampler continues. */
  readonly prompt: string
  /** The right answer, where one is known, in the form the reward function expects. */
  readonly reference?: string
  /** Free labels for slicing a report, for instance `{ split: 'validation' }`. */
  readonly tags?: Readonly<Record<string, string>>
}
