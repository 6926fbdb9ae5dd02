import { createStream, withoutReference } from '@posttrain/core'
import type { RandomStream, Reading, RunOptions, Sample, Task } from '@posttrain/core'
import { readAnswer } from '../judge.js'

/** What a vote is about if nobody says otherwise: the whole text. */
export const trimmedText = ({ text }: Sample): string | undefined => text.trim() || undefined

/** (samples): the answers that they vote for; undefined where a sample failed or gave none. */
export function answersOf(
  samples: readonly Sample[],
  task: Task,
  answerOf: NonNullable<Reading['answerOf']>,
): readonly (string | undefined)[] {
  const deployed = withoutReference(task)
  return samples.map((sample) => (sample.finish === 'failed' ? undefined : readAnswer({ answerOf }, sample, deployed)))
}

/** Picks among the tied answers of a run. */
export const tieStream = (task: Task, { seed = 0, id = task.id }: RunOptions): RandomStream =>
  createStream(seed, 'vote', id)
