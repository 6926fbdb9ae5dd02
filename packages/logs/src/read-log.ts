import { invalidData, requireFinite, requireOneOf } from '@posttrain/core'
import { CopiedSources } from './copied-sources.js'
import { fieldAt, textOf } from './fields/field-at.js'
import { Selection } from './fields/selection.js'
import { forEachRow, type ReadSource } from './for-each-row.js'
import type { LogFile } from './log-file.js'
import { nameOfSource, type LogSource } from './log-source.js'
import { OpenGroups, type LogGroup } from './open-groups.js'
import type { LogRow } from './parse-row.js'
import { requireDistinct } from './require-distinct.js'
import type { RowFields } from './row-fields.js'
import type { RowRules } from './fields/row-rules.js'
import type { LogStopping } from './stopping.js'
import type { TaskLog } from './task-log.js'

/** How far reading has come. */
export interface ReadProgress {
  /** Read so far, as they are stored: before unzipping. */
  readonly bytes: number
  readonly rows: number
}

/** What to take from a log, and how its rows are read. */
export interface ReadLogOptions extends RowRules {
  /** Only rows with these values are taken, by field; a number is meant by its text (default: all rows). */
  readonly where?: Readonly<Record<string, string>> | undefined
  /** The format that the sources are in (default: as the content of each shows). */
  readonly format?: string | undefined
  /** Told of each source that was read: its name, and what it turned out to be. */
  readonly onSource?: ((name: string, source: ReadSource) => void) | undefined
  /** Why tasks have so many samples: `fixed` beforehand, or stopped at `first-pass` (default `auto`: as it looks). */
  readonly stopping?: LogStopping | undefined
  /** False: nobody will vote, so that answers need no room (default true). */
  readonly keepAnswers?: boolean | undefined
  /** True: what each sample cost is kept, for `TaskLog.sampleCosts` (default false: what those of a task cost). */
  readonly keepCosts?: boolean | undefined
  /** Told after each block. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined
  /**
   * Told of each row that is taken, with its texts, which the log itself does not keep, and with its values of the
   * fields that logs are grouped by.
   */
  readonly onRow?: ((row: LogRow, group: LogGroup['values']) => void) | undefined
}

/** What to make several logs of. */
export interface ReadLogGroupsOptions extends ReadLogOptions {
  /** Fields; rows that differ in one of them go into different logs. */
  readonly groupBy: readonly string[]
  /** A field that tells runs of the same tasks apart, for `spreadOverRuns` (default: runs are not told apart). */
  readonly runs?: string | undefined
}

/**
 * Reads sources as one log, row by row: what is held in memory are numbers, and one name per task and distinct
 * answer.
 *
 * A row is a JSON object: one sample, `{task_id, reward | correct | passed, answer?, proxy?}`; all samples of a task,
 * `{task_id, rewards, answers?, proxies?}`; or their counts, `{task_id, n, c}`. A missing or null score is unscored.
 * `fields` names what is called otherwise. `prompt`, and `completion` or a task's `samples`, go to `onRow` where they
 * are texts.
 *
 * Rows of the same task and `sample` (or `epoch`, `trial`, `attempt` …) are one sample, and must agree. Rows must not
 * differ in a field that says of what they are, `model`, `filter` or `temperature` for instance, unless it is chosen
 * by `where` or named in `pool`; nor rows of one task in `reference` or `prompt`. Other fields are ignored. Sources
 * whose samples have no number must not say the same of the same tasks.
 *
 * @param sources files, bytes or lines; one or several
 * @returns the log, by task
 * @throws PosttrainError `invalid-data` for a row that is not understood, naming source and line, or rows that must not
 *   be mixed; `invalid-argument` for a file that cannot be read, a source given twice or a copy of another, or
 *   values that no row has
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
  const [group] = await readGroups(sources, options, {})
  return group!.log
}

/**
 * Reads sources as several logs, one for the rows of each model, for instance.
 *
 * @param sources files, bytes or lines; one or several
 * @returns one log for each combination of values, in the order of first appearance
 * @throws PosttrainError as `readLog`; `invalid-data` for more than a thousand combinations
 * @example
 * ```ts
 * const lines = ['{"task_id":"a","reward":1,"model":"m1"}', '{"task_id":"a","reward":0,"model":"m2"}']
 * const groups = await readLogGroups({ lines }, { groupBy: ['model'] })
 * groups.map(({ values, log }) => [...values, log.size]) // => [['m1', 1], ['m2', 1]]
 * ```
 */
export const readLogGroups = (
  sources: LogSource | readonly LogSource[],
  options: ReadLogGroupsOptions,
): Promise<readonly LogGroup[]> => readGroups(sources, options, options)

async function readGroups(
  sources: LogSource | readonly LogSource[],
  options: ReadLogOptions,
  { groupBy, runs }: Partial<ReadLogGroupsOptions>,
): Promise<readonly LogGroup[]> {
  const { format, onSource, onProgress, onRow, optionNames, threshold } = options
  if (threshold !== undefined) requireFinite('threshold', threshold)
  requireOneOf('canonical', options.canonical ?? 'none', ['none', 'text', 'number', 'math'])
  const all = [sources].flat()
  requireDistinct(all)
  const selection = new Selection(options.where)
  const groups = new OpenGroups({ ...options, groupBy, runs })
  const toldApartBy = [...(groupBy ?? []), ...(runs === undefined ? [] : [runs])]
  const copies = all.length > 1 && options.fields?.sample !== 'none' ? new CopiedSources(optionNames) : undefined
  let [bytes, rows] = [0, 0]
  const take = (fields: RowFields, file: LogFile, number: number): void => {
    rows++
    if (!selection.takes(fields)) return
    const row = groups.add(fields, file, number)
    if (row === undefined) return
    const valuesOf = (names: readonly string[]): LogGroup['values'] =>
      names.map((name) => textOf(fieldAt(fields, name)))
    copies?.add(row, valuesOf(toldApartBy))
    onRow?.(row, valuesOf(groupBy ?? []))
  }
  for (const source of all) {
    const before = rows
    const onBytes = (more: number): void => onProgress?.({ bytes: (bytes += more), rows })
    const read = await forEachRow(source, take, { format, score: options.fields?.score, onBytes, optionNames })
    onSource?.(nameOfSource(source), read)
    if (rows === before) throw invalidData(`${nameOfSource(source)} is empty`, 'a log has a JSON object on each line')
    copies?.end(nameOfSource(source))
  }
  onProgress?.({ bytes, rows })
  selection.requireTaken()
  return groups.finish()
}
