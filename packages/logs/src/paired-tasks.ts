import type { CommonTasks } from './common-tasks.js'

/** What an objective gives of one task in two logs. */
export interface PairedTask {
  readonly id: string
  readonly a: number
  readonly b: number
}

/** The tasks of two of the logs, in the order of the first log; each is made when it is asked for. */
export const pairedTasks = ({ ids, columns }: CommonTasks, a: number, b: number): Iterable<PairedTask> => ({
  *[Symbol.iterator]() {
    const [before, after] = [columns[a]!.values[0]!, columns[b]!.values[0]!]
    for (const [task, id] of ids.entries()) yield { id, a: before[task]!, b: after[task]! }
  },
})
