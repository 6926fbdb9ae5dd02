import { invalidArgument, type Sample, type Task } from '@posttrain/core'

/** A sample's tokens. @throws PosttrainError `invalid-argument` for a sample that has none to train on */
export function completionTokens(task: Task, { tokens, index }: Sample): readonly number[] {
  if (tokens) return tokens
  throw invalidArgument(
    `sample ${index} of task ${task.id} has no tokens to train on`,
    'sample from a policy that records them',
  )
}
