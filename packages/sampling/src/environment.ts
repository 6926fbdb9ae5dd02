import type { Message, Prompt, Task } from '@posttrain/core'

/** What an environment answers to a turn. */
export interface Observation {
  /** Inserted after what the model said: text within its turn, or a message between two turns. */
  readonly observation: string | Message
  /** True if the episode is over; the observation is then not read. */
  readonly done: boolean
  /** Reward for the turn. */
  readonly reward?: number | undefined
}

/** One completion's way through an environment: tools called, games played, tests run. */
export interface Episode {
  /** What replaces the task's prompt. Absent: nothing does. */
  readonly prompt?: Prompt | undefined
  /**
   * Takes what the model said, and answers.
   *
   * @param said in this turn, the stop text included
   */
  step(said: string): Promise<Observation>
  /** Frees what the episode holds. It is called once, however the episode ends. */
  close(): Promise<void>
}

/** Where episodes take place: one object per sample, so that many of a task run side by side. */
export interface Environment {
  readonly name: string
  /**
   * Begins the episode of one sample.
   *
   * @param key of the sample: an environment that draws is a function of it
   */
  start(task: Task, key: { readonly seed: number; readonly id: string; readonly index: number }): Promise<Episode>
}
