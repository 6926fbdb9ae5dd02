import { addUsage, NO_USAGE, type Decision, type Outcome, type Sample, type Task } from '@posttrain/core'
import type { Drawn } from './draw-until.js'

/** What a run came to. */
export interface Choice {
  readonly task: Task
  readonly drawn: Drawn
  /** What was asked of a reward on the way. */
  readonly outcomes?: readonly Outcome[] | undefined
  readonly sample: Sample | undefined
  /** Default: the text of the chosen sample. */
  readonly answer?: string | undefined
  readonly reason: string
}

/** The decision of a run, with what all of it cost. */
export const decide = ({ task, drawn, outcomes = [], sample, answer, reason }: Choice): Decision => ({
  taskId: task.id,
  answer: answer ?? sample?.text,
  sample,
  reason: drawn.cap === undefined ? reason : `${reason}; ${drawn.cap} ended it`,
  stopped: drawn.stopped,
  usage: addUsage(drawn.samples.map(({ usage }) => usage)),
  judging: addUsage(outcomes.map(({ usage = NO_USAGE }) => usage)),
  samples: drawn.samples,
})
