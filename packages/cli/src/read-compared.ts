import { readsAnswers, type TaskLog } from '@posttrain/logs'
import type { ComparedLog } from './compared.js'
import { expectationOf } from './expected-tasks.js'
import { readingOf, type LogOptions } from './log-options.js'
import { nameOfFile, readLogFiles } from './read-log-files.js'
import type { ReportTasks } from './report-tasks.js'

/** What logs are called. */
export const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** How logs are read that are compared. */
export interface ReadComparedOptions extends LogOptions {
  readonly metric: string
  readonly whereA?: LogOptions['where']
  readonly whereB?: LogOptions['where']
}

/**
 * Reads one log after the other: each may be large.
 *
 * @param listed takes the samples of each log, where somebody wants them
 */
export async function readCompared(
  files: readonly string[],
  options: ReadComparedOptions,
  listed?: readonly ReportTasks[],
): Promise<readonly ComparedLog[]> {
  const keepAnswers = readsAnswers(options.metric)
  const reading = readingOf(options)
  const own = [
    { where: options.whereA, option: '--where-a' },
    { where: options.whereB, option: '--where-b' },
  ]
  const logs: TaskLog[] = []
  for (const [i, file] of files.entries()) {
    const { where, option } = own[i] ?? { where: undefined, option: '--where' }
    const optionNames = { ...reading.optionNames, where: option }
    const list = listed?.[i]
    const onRow = list && ((row: Parameters<ReportTasks['add']>[0]): void => list.add(row))
    logs.push(
      await readLogFiles([file], {
        ...reading,
        where: { ...reading.where, ...where },
        keepAnswers,
        onRow,
        optionNames,
      }),
    )
  }
  const expected = (await expectationOf(options))(logs)
  return files.map((file, i): ComparedLog => {
    const letter = LETTERS[i]!
    const label = [`${letter}: ${nameOfFile(file)}`, ...Object.values(own[i]?.where ?? {})].join(', ')
    return { letter, label, log: expected[i]! }
  })
}
