import { resolve } from 'node:path'
import { invalidArgument, invalidData } from '@posttrain/core'
import { LogProgress } from './log-progress.js'
import { parseRow } from './parse-row.js'
import { forEachLine, nameOfFile } from './read-lines.js'
import { keepHeapSmall } from './small-heap.js'
import { TaskLog } from './task-log.js'

/** What to take from a log. */
export interface LogChoices {
  /** Rows of this system alone; without it all rows must be of one. */
  readonly system: string | undefined
  /** The option that chooses a system, for hints. */
  readonly systemOption: string
  readonly keepAnswers: boolean
}

/**
 * Reads files as one log, row by row.
 *
 * @throws PosttrainError naming file and line of what is wrong
 */
export async function readLog(files: readonly string[], choices: LogChoices): Promise<TaskLog> {
  const repeated = files.find((file, i) => files.findIndex((other) => resolve(other) === resolve(file)) < i)
  if (repeated !== undefined)
    throw invalidArgument(`${nameOfFile(repeated)} is given twice`, 'its samples would count double')
  keepHeapSmall()
  const log = new TaskLog(choices.keepAnswers)
  const systems = new Set<string | undefined>()
  const progress = new LogProgress(files)
  let rows = 0
  try {
    for (const file of files) {
      const name = nameOfFile(file)
      const before = rows
      const onLine = (text: string, line: number): void => {
        if (text.trim() === '') return
        const row = parseRow(text, `${name}, line ${line}`)
        rows++
        systems.add(row.system)
        if (choices.system !== undefined && row.system !== choices.system) return
        if (choices.system === undefined && systems.size > 1) refuseMixture(systems, `${name}, line ${line}`, choices)
        log.add(row, name, line)
      }
      await forEachLine(file, onLine, (bytes) => progress.update(bytes, rows))
      if (rows === before) throw invalidData(`${name} is empty`, 'a log has a JSON object on each line')
    }
    progress.update(0, rows)
  } finally {
    progress.stop()
  }
  return requireUse(log, systems, choices)
}

const listed = (systems: ReadonlySet<string | undefined>): string =>
  [...systems].map((system) => (system === undefined ? 'none' : JSON.stringify(system))).join(', ')

function refuseMixture(systems: ReadonlySet<string | undefined>, where: string, { systemOption }: LogChoices): never {
  throw invalidData(
    `${where}: the rows are of several systems (${listed(systems)}), which must not be mixed`,
    `choose one with ${systemOption} NAME`,
  )
}

function requireUse(log: TaskLog, systems: ReadonlySet<string | undefined>, choices: LogChoices): TaskLog {
  if (log.index.size === 0) {
    throw invalidArgument(`no row is of the system ${choices.system}`, `the log has: ${listed(systems)}`)
  }
  if (log.samples > 0 && log.unscored === log.samples) {
    throw invalidData(
      `none of the ${log.samples} samples has a score (${log.firstUnscored})`,
      'the score is called reward, correct or passed; in rows of a whole task rewards',
    )
  }
  return log
}
