import { resolve } from 'node:path'
import { invalidArgument, invalidData, requireFinite, requireOneOf, shown } from '@posttrain/core'
import { Dimensions } from './fields/dimensions.js'
import { Selection } from './fields/selection.js'
import { fieldAt, textOf } from './fields/field-at.js'
import { fileIdentity } from './file-identity.js'
import { forEachRow, type ReadSource } from './for-each-row.js'
import { LogBuilder } from './log-builder.js'
import { placeOf, type LogFile } from './log-file.js'
import { nameOfSource, type LogSource } from './log-source.js'
import { nameOfOption } from './option-names.js'
import { parseRow, type LogRow } from './parse-row.js'
import type { RowFields } from './row-fields.js'
import type { RowRules } from './fields/row-rules.js'
import type { LogStopping } from './stopping.js'
import type { TaskLog } from './task-log.js'

/** Logs that one reading makes. */
const MOST_GROUPS = 1000

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
  /** Told after each block. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined
  /** Told of each row that is taken, with its texts, which the log itself does not keep. */
  readonly onRow?: ((row: LogRow) => void) | undefined
}

/** What to make several logs of. */
export interface ReadLogGroupsOptions extends ReadLogOptions {
  /** Fields; rows that differ in one of them go into different logs. */
  readonly groupBy: readonly string[]
}

/** The rows that agree in the fields a log was grouped by. */
export interface LogGroup {
  /** Their value of each of these fields; undefined where they have none. */
  readonly values: readonly (string | undefined)[]
  readonly log: TaskLog
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
 * by `where` or named in `pool`; nor rows of one task in `reference` or `prompt`. Other fields are ignored.
 *
 * @param sources files, bytes or lines; one or several
 * @returns the log, by task
 * @throws PosttrainError `invalid-data` for a row that is not understood, naming source and line, or rows that must not
 *   be mixed; `invalid-argument` for a file that cannot be read, a source given twice, or values that no row has
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
  const [group] = await readGroups(sources, options, undefined)
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
): Promise<readonly LogGroup[]> => readGroups(sources, options, options.groupBy)

/** The rows of a group while they are read. */
interface OpenGroup {
  readonly values: readonly (string | undefined)[]
  readonly builder: LogBuilder
  readonly dimensions: Dimensions
}

async function readGroups(
  sources: LogSource | readonly LogSource[],
  options: ReadLogOptions,
  groupBy: readonly string[] | undefined,
): Promise<readonly LogGroup[]> {
  const { format, onSource, onProgress, onRow, pool = [], optionNames, threshold } = options
  if (threshold !== undefined) requireFinite('threshold', threshold)
  requireOneOf('canonical', options.canonical ?? 'none', ['none', 'text', 'number', 'math'])
  const all = [sources].flat()
  requireDistinct(all)
  const selection = new Selection(options.where)
  const groups = new Map<string, OpenGroup>()
  const open = (values: readonly (string | undefined)[], where: string): OpenGroup => {
    const key = JSON.stringify(values.map((value) => value ?? null))
    const known = groups.get(key)
    if (known) return known
    if (groups.size === MOST_GROUPS) {
      throw invalidData(
        `${where}: the rows have more than ${MOST_GROUPS} values of ${(groupBy ?? []).join(', ')}`,
        `${nameOfOption('groupBy', optionNames)} is for fields with few values`,
      )
    }
    const dimensions = new Dimensions({ pool, canGroup: groupBy !== undefined, optionNames })
    const group = { values, builder: new LogBuilder(options), dimensions }
    groups.set(key, group)
    return group
  }
  let [bytes, rows] = [0, 0]
  const take = (fields: RowFields, file: LogFile, number: number): void => {
    rows++
    const where = placeOf(file, number)
    if (!selection.takes(fields)) return
    const { builder, dimensions } = open(
      (groupBy ?? []).map((name) => textOf(fieldAt(fields, name))),
      where,
    )
    dimensions.require(fields, where)
    const row = parseRow(fields, where, options)
    if (builder.add(row, file, number)) onRow?.(row)
  }
  for (const source of all) {
    const before = rows
    const onBytes = (more: number): void => onProgress?.({ bytes: (bytes += more), rows })
    const read = await forEachRow(source, take, { format, score: options.fields?.score, onBytes, optionNames })
    onSource?.(nameOfSource(source), read)
    if (rows === before) throw invalidData(`${nameOfSource(source)} is empty`, 'a log has a JSON object on each line')
  }
  onProgress?.({ bytes, rows })
  selection.requireTaken()
  requireCosts([...groups.values()], options)
  return [...groups.values()].map(({ values, builder }) => ({ values, log: requireScores(builder.finish(), options) }))
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

/** A cost that no sample has was called by another name. */
function requireCosts(groups: readonly OpenGroup[], { fields, optionNames }: ReadLogOptions): void {
  for (const field of fields?.cost ?? []) {
    if (groups.some(({ builder }) => builder.hasCost(field))) continue
    throw invalidArgument(
      `no sample has a number in ${shown(field)}`,
      `name another field with ${nameOfOption('cost', optionNames)}, for instance usage.total_tokens`,
    )
  }
}

function requireScores(log: TaskLog, { optionNames }: ReadLogOptions): TaskLog {
  const { samples, unscored, firstUnscored } = log.totals
  if (samples > 0 && unscored === samples) {
    throw invalidData(
      `none of the ${samples} samples has a score (${firstUnscored})`,
      'the score is called reward, correct or passed, in rows of a whole task rewards; ' +
        `name another field with ${nameOfOption('score', optionNames)}, for instance scores.match.value`,
    )
  }
  return log
}
