import { missingOf, scoredGroup, type Group, type Sample, type Task } from '@posttrain/core'
import { unshaped } from '@posttrain/trainers'
import { classified, type PatternClassifier } from './classify.js'

/** A sample with its pattern and the reward of its task. */
export interface LabelledSample {
  readonly task: Task
  readonly sample: Sample
  readonly pattern: string | undefined
  readonly reward: number
}

/** Groups by task. */
export interface LabelledTasks {
  /** By the task's id, in the order in which they came; tasks of which no sample has a score are not among them. */
  readonly tasks: ReadonlyMap<string, readonly LabelledSample[]>
  /** Samples that failed or have no score, which are left out. */
  readonly unscored: number
}

/**
 * Asks a classifier of every sample that has a score.
 *
 * @throws PosttrainError as `classified`, and `invalid-data` for a group without one outcome per sample
 */
export function labelledTasks(groups: Iterable<Group>, classify: PatternClassifier): LabelledTasks {
  const tasks = new Map<string, LabelledSample[]>()
  let missing = 0
  for (const group of groups) {
    const { task, samples, outcomes } = scoredGroup(group, 'exclude')
    const { failed, unscored } = missingOf(group)
    missing += failed + unscored
    if (samples.length === 0) continue
    const known = tasks.get(task.id) ?? []
    samples.forEach((sample, i) => {
      const pattern = classified(classify, sample, task)
      known.push({ task, sample, pattern, reward: unshaped(outcomes[i]!) })
    })
    tasks.set(task.id, known)
  }
  return { tasks, unscored: missing }
}
