import { parseRow } from '../../src/logs/parse-row.js'
import { TaskLog } from '../../src/logs/task-log.js'

/** A log of these rows, as if they had been read from the file `log.jsonl`. */
export function logOf(rows: readonly object[], keepAnswers = true): TaskLog {
  const log = new TaskLog(keepAnswers)
  rows.forEach((row, i) => log.add(parseRow(JSON.stringify(row), `log.jsonl, line ${i + 1}`), 'log.jsonl', i + 1))
  return log
}

/** One row per sample of a task. */
export const samplesOf = (taskId: string, rewards: readonly (number | null)[]): object[] =>
  rewards.map((reward) => ({ task_id: taskId, reward }))

/** The options' defaults. */
export const DEFAULTS = {
  ties: 'share',
  unparsed: 'abstain',
  unscored: 'count-as-failure',
  level: 0.95,
  seed: 0,
} as const
