import { LogBuilder, type LogBuilderOptions } from '../src/log-builder.js'
import { parseRow } from '../src/parse-row.js'
import type { RowRules } from '../src/fields/row-rules.js'
import type { TaskLog } from '../src/task-log.js'

/** A log of these rows, as if they had been read from the file `log.jsonl`. */
export function logOf(rows: readonly object[], keepAnswers = true, rules: RowRules & LogBuilderOptions = {}): TaskLog {
  const log = new LogBuilder({ keepAnswers, ...rules })
  const file = { name: 'log.jsonl', unit: 'line' }
  rows.forEach((row, i) => log.add(parseRow({ ...row }, `log.jsonl, line ${i + 1}`, rules), file, i + 1))
  return log.finish()
}

/** One row per sample of a task. */
export const samplesOf = (taskId: string, rewards: readonly (number | null)[]): object[] =>
  rewards.map((reward) => ({ task_id: taskId, reward }))
