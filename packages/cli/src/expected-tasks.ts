import { expectTasks, readTasks, type TaskLog } from '@posttrain/logs'
import { readingOf, type LogOptions } from './log-options.js'
import { sourceOf } from './read-log-files.js'

/** What `--expect` makes of logs: the same with the tasks that are absent, or as they are where nothing is expected. */
export async function expectationOf(options: LogOptions): Promise<(logs: readonly TaskLog[]) => readonly TaskLog[]> {
  const { expect } = options
  if (expect === undefined) return (logs) => logs
  const expected = /^\d+$/.test(expect) ? Number(expect) : await readTasks(sourceOf(expect), readingOf(options))
  return (logs) => expectTasks(logs, expected)
}
