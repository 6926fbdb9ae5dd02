import { invalidData, quoted, type Group } from '@posttrain/core'
import type { TaskLog } from './task-log.js'

/**
 * The groups of a log, one per task in the order of first appearance, for whatever speaks of groups.
 *
 * An outcome has the reward and the answer of the log, and a proxy as `parts.proxy`. Tasks and samples hold no text:
 * a log is kept as numbers.
 *
 * @param log as `readLog` gives it
 * @returns one group at a time
 * @throws PosttrainError `invalid-data` for a task of which the log has only counts
 * @example
 * ```ts
 * const log = await readLog({ lines: ['{"task_id":"a","reward":1,"answer":"4","proxy":0.5}'] })
 * const [group] = groupsOf(log)
 * group.outcomes // => [{ kind: 'scored', reward: 1, answer: '4', parts: { proxy: 0.5 } }]
 * ```
 */
export function* groupsOf(log: TaskLog): Generator<Group, void> {
  for (const task of log.tasks()) {
    if (task.kind === 'counts') {
      throw invalidData(
        `the log has only counts of task ${quoted(task.id)}, and a group is made of samples`,
        'log a row per sample, or one with rewards',
      )
    }
    yield task.group
  }
}
