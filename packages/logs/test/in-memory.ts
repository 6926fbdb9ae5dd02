import { LogBuilder } from '../src/log-builder.js'
import { parseRow } from '../src/parse-row.js'
import type { TaskLog } from '../src/task-log.js'

/** A log of these rows, as if they had been read from the file `log.jsonl`. */
export function logOf(rows: readonly object[], keepAnswers = true): TaskLog {
  const log = new LogBuilder(keepAnswers)
  rows.forEach((row, i) => log.add(parseRow(JSON.stringify(row), `log.jsonl, line ${i + 1}`), 'log.jsonl', i + 1))
  return log.finish()
}

/** One row per sample of a task. */
export const samplesOf = (taskId: string, rewards: readonly (number | null)[]): object[] =>
  rewards.map((reward) => ({ task_id: taskId, reward }))
