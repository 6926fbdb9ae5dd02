import { expectTasks, readTasks, type LogSource, type TaskLog } from '@posttrain/logs'
import { readingOf, type LogOptions } from './log-options.js'
import { sourceOf } from './read-log-files.js'

const isNumber = (expect: string): boolean => /^\d+$/.test(expect)

/** What a command reads: its logs, and the file of tasks that `--expect` names, if it names one. */
export const sourcesOf = (files: readonly string[], { expect }: LogOptions): readonly LogSource[] =>
  [...files, ...(expect === undefined || isNumber(expect) ? [] : [expect])].map(sourceOf)

/** What `--expect` makes of logs: the same with the tasks that are absent, or as they are where nothing is expected. */
export async function expectationOf(options: LogOptions): Promise<(logs: readonly TaskLog[]) => readonly TaskLog[]> {
  const { expect } = options
  if (expect === undefined) return (logs) => logs
  const expected = isNumber(expect) ? Number(expect) : await readTasks(sourceOf(expect), readingOf(options))
  return (logs) => expectTasks(logs, expected)
}
