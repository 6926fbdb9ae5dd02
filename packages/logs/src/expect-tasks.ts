import { invalidArgument, invalidData, quoted, requireInteger } from '@posttrain/core'
import { forEachRow } from './for-each-row.js'
import { placeOf } from './log-file.js'
import { nameOfSource, type LogSource } from './log-source.js'
import { parseRow } from './parse-row.js'
import type { RowRules } from './fields/row-rules.js'
import type { AbsentTask } from './logged-task.js'
import type { TaskLog } from './task-log.js'

/** Tasks that a log should have: what is known of each, or only how many they are. */
export type ExpectedTasks = readonly AbsentTask[] | number

/**
 * Reads which tasks a log should have, of a file with a row for each: its id, and where they are asked for its cluster,
 * tag and weight. Other fields, and further rows of a task, say nothing.
 *
 * @throws PosttrainError as `readLog`; `invalid-data` for a file without rows
 * @example
 * ```ts
 * const tasks = await readTasks({ lines: ['{"task_id":"a","level":"easy"}'] }, { fields: { tag: 'level' } })
 * tasks // => [{ id: 'a', cluster: undefined, tag: 'easy', weight: undefined }]
 * ```
 */
export async function readTasks(source: LogSource, rules: RowRules = {}): Promise<readonly AbsentTask[]> {
  const tasks = new Map<string, AbsentTask>()
  const { score: _, answer: _answer, cost: _cost, ...fields } = rules.fields ?? {}
  await forEachRow(source, (row, file, number) => {
    const { taskId: id, cluster, tag, weight } = parseRow(row, placeOf(file, number), { ...rules, fields })
    if (!tasks.has(id)) tasks.set(id, { id, cluster, tag, weight })
  })
  if (tasks.size === 0) throw invalidData(`${nameOfSource(source)} is empty`, 'it has a row for each task')
  return [...tasks.values()]
}

/**
 * Logs in which tasks that are absent count: each has as many samples as any task of its log, all without a score.
 *
 * They are failures under the rule `count-as-failure`. Of expected tasks that are only a number, those that no log has
 * are absent from all of them.
 *
 * @param logs one, or the two of a comparison
 * @returns logs with the expected tasks, in the same order
 * @throws PosttrainError `invalid-data` for a task that is not expected, or more tasks than are
 * @example
 * ```ts
 * const log = await readLog({ lines: ['{"task_id":"a","passed":true}'] })
 * const [whole] = expectTasks([log], 4)
 * evaluateLog(whole, { objectives: ['pass@1'] }).measured[0].estimate.value // => 0.25
 * ```
 */
export function expectTasks(logs: readonly TaskLog[], expected: ExpectedTasks): readonly TaskLog[] {
  const tasks =
    typeof expected === 'number' ? counted(logs, expected) : new Map(expected.map((task) => [task.id, task]))
  for (const log of logs) {
    const [other, ...more] = [...log.ids()].filter((id) => !tasks.has(id))
    if (other === undefined) continue
    throw invalidData(
      `the log has ${more.length + 1} tasks that are not expected, the first ${quoted(other)}`,
      'expect them too, or take only the rows of the others',
    )
  }
  return logs.map((log) => log.withAbsent([...tasks.values()].filter(({ id }) => !log.has(id))))
}

/** The tasks that some log has, and as many more without a name. */
function counted(logs: readonly TaskLog[], expected: number): ReadonlyMap<string, AbsentTask> {
  requireInteger('expect', expected, { min: 1 })
  const tasks = new Map<string, AbsentTask>()
  for (const log of logs) for (const id of log.ids()) tasks.set(id, { id, ...log.factsOf(id) })
  if (tasks.size > expected) {
    throw invalidArgument(
      `${expected} tasks are expected, but there are ${tasks.size}`,
      'the number is that of all tasks that the log should have',
    )
  }
  for (let i = 1; tasks.size < expected; i++) tasks.set(`absent task ${i}`, { id: `absent task ${i}` })
  return tasks
}
