import { resolve } from 'node:path'
import { invalidArgument, invalidData, quoted, shown } from '@posttrain/core'
import { fileIdentity } from './file-identity.js'
import { forEachRow } from './for-each-row.js'
import { LogBuilder } from './log-builder.js'
import { placeOf, type LogFile } from './log-file.js'
import { nameOfSource, type LogSource } from './log-source.js'
import { nameOfOption, type OptionNames } from './option-names.js'
import { parseRow, type LogRow, type RowFields } from './parse-row.js'
import type { TaskLog } from './task-log.js'

/** Systems that a message names. */
const NAMED = 20

/** How far reading has come. */
export interface ReadProgress {
  /** Read so far, as they are stored: before unzipping. */
  readonly bytes: number
  readonly rows: number
}

/** What to take from a log. */
export interface ReadLogOptions {
  /** Rows of this system alone; without it all rows must be of one. */
  readonly system?: string | undefined
  /** False: nobody will vote, so that answers need no room (default true). */
  readonly keepAnswers?: boolean | undefined
  /** Told after each block. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined
  /** Told of each row that is taken, with its texts, which the log itself does not keep. */
  readonly onRow?: ((row: LogRow) => void) | undefined
  /** What hints call these options. */
  readonly optionNames?: OptionNames | undefined
}

/**
 * Reads sources as one log, row by row: what is held in memory are numbers, and one name per task and distinct
 * answer.
 *
 * A row is a JSON object: one sample, `{task_id, reward | correct | passed, answer?, proxy?}`; all samples of a task,
 * `{task_id, rewards, answers?, proxies?}`; or their counts, `{task_id, n, c}`. A missing or null score is unscored.
 * `prompt`, and `completion` or a task's `samples`, go to `onRow` where they are texts. Other fields are ignored, but
 * `system` must not differ between rows, nor `reference` between the rows of a task.
 *
 * @param sources files, bytes or lines; one or several
 * @returns the log, by task
 * @throws PosttrainError `invalid-data` for a row that is not understood, naming source and line; `invalid-argument`
 *   for a file that cannot be read, a source given twice, or a system that no row is of
 * @example
 * ```ts
 * const log = await readLog({ lines: ['{"task_id":"a","rewards":[1,0,null]}', '{"task_id":"b","n":4,"c":1}'] })
 * log.size // => 2
 * log.totals.samples // => 7
 * log.totals.unscored // => 1
 * ```
 */
export async function readLog(
  sources: LogSource | readonly LogSource[],
  options: ReadLogOptions = {},
): Promise<TaskLog> {
  const { system, keepAnswers = true, onProgress, onRow } = options
  const all = [sources].flat()
  requireDistinct(all)
  const log = new LogBuilder(keepAnswers)
  const systems = new Set<string | undefined>()
  let [bytes, rows] = [0, 0]
  const take = (fields: RowFields, file: LogFile, number: number): void => {
    const row = parseRow(fields, placeOf(file, number))
    rows++
    if (systems.size < NAMED) systems.add(row.system)
    if (system !== undefined && row.system !== system) return
    if (system === undefined && systems.size > 1) throw mixture(systems, placeOf(file, number), options)
    log.add(row, file, number)
    onRow?.(row)
  }
  for (const source of all) {
    const before = rows
    await forEachRow(source, take, (more) => onProgress?.({ bytes: (bytes += more), rows }))
    if (rows === before) throw invalidData(`${nameOfSource(source)} is empty`, 'a log has a JSON object on each line')
  }
  onProgress?.({ bytes, rows })
  return requireUse(log.finish(), systems, system)
}

function requireDistinct(sources: readonly LogSource[]): void {
  if (sources.length === 0) throw invalidArgument('there is nothing to read', 'name at least one source')
  const seen = new Map<unknown, string>()
  for (const source of sources) {
    const name = nameOfSource(source)
    const one = fileIdentity(source) ?? (typeof source === 'string' ? resolve(source) : source)
    const before = seen.get(one)
    if (before !== undefined) {
      const alias = before === name ? '' : `, the first time as ${before}`
      throw invalidArgument(`${name} is given twice${alias}`, 'its samples would count double')
    }
    seen.set(one, name)
  }
}

const listed = (systems: ReadonlySet<string | undefined>): string =>
  [...systems].map((system) => (system === undefined ? 'none' : quoted(system))).join(', ') +
  (systems.size < NAMED ? '' : ' …')

const mixture = (systems: ReadonlySet<string | undefined>, where: string, { optionNames }: ReadLogOptions): Error =>
  invalidData(
    `${where}: the rows are of several systems (${listed(systems)}), which must not be mixed`,
    `choose one with ${nameOfOption('system', optionNames)} NAME`,
  )

function requireUse(log: TaskLog, systems: ReadonlySet<string | undefined>, system: string | undefined): TaskLog {
  if (log.size === 0) {
    throw invalidArgument(`no row is of the system ${shown(system ?? '')}`, `the log has: ${listed(systems)}`)
  }
  const { samples, unscored, firstUnscored } = log.totals
  if (samples > 0 && unscored === samples) {
    throw invalidData(
      `none of the ${samples} samples has a score (${firstUnscored})`,
      'the score is called reward, correct or passed; in rows of a whole task rewards',
    )
  }
  return log
}
