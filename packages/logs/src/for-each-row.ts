import { invalidArgument, invalidData, PosttrainError } from '@posttrain/core'
import { forEachRecord } from './for-each-record.js'
import type { Format, RecordReader } from './formats/format.js'
import { FORMATS, ROWS } from './formats/table.js'
import { placeOf, type LogFile } from './log-file.js'
import { nameOfSource, type LogSource } from './log-source.js'
import { nameOfOption, type OptionNames } from './option-names.js'
import type { RowFields } from './row-fields.js'

/** How a source is read. */
export interface ReadSourceOptions {
  /** The format that it is in, by its name in `logFormats` (default: as its content shows). */
  readonly format?: string | undefined
  /** Of several scores in a file of another program, the one that is the reward (default: its main or only one). */
  readonly score?: string | undefined
  /** Told of the size of each block read, before unpacking. */
  readonly onBytes?: ((bytes: number) => void) | undefined
  /** What hints call these options. */
  readonly optionNames?: OptionNames | undefined
}

/** What a source turned out to be. */
export interface ReadSource {
  /** Name of the format; `rows` for rows of ours in JSON Lines, a JSON array, CSV or Parquet. */
  readonly format: string
  /** The score that was taken as the file's own main one, where it has several and none was asked for. */
  readonly mainScore: string | undefined
}

/**
 * Calls back with each row of a source, in the fields of our own rows, and with where it stands. A row of another
 * program's file has the score that was asked for under its name, too.
 *
 * @returns what the source turned out to be
 * @throws PosttrainError for a source that cannot be read, or is not a log
 * @example
 * ```ts
 * const rows: unknown[] = []
 * const lines = ['{"question_id":"q","graded_list":[true,false]}']
 * const { format } = await forEachRow({ lines }, (row) => rows.push(row))
 * format // => 'livecodebench'
 * rows // => [{ task_id: 'q', rewards: [true, false] }]
 * ```
 */
export async function forEachRow(
  source: LogSource,
  onRow: (fields: RowFields, file: LogFile, number: number) => void,
  options: ReadSourceOptions = {},
): Promise<ReadSource> {
  const { format: asked, score, onBytes, optionNames } = options
  let format = asked === undefined ? undefined : formatCalled(asked)
  let read: RecordReader | undefined
  let mainScore: string | undefined
  let rows = 0
  const open = (record: RowFields): RecordReader => {
    format ??= FORMATS.find(({ recognises }) => recognises(record)) ?? ROWS
    const scoreOption = nameOfOption('score', optionNames)
    return format.reader({ score, scoreOption, onScore: (name) => void (mainScore = name) })
  }
  const onRecord = (record: RowFields, file: LogFile, number: number): void => {
    read ??= open(record)
    if (format === ROWS) {
      withFormats(record, asked === undefined, () => onRow(record, file, number))
      return
    }
    const { unit } = format!
    const at = unit === undefined ? file : { name: file.name, unit }
    const numberNow = (): number => (unit === undefined ? number : rows + 1)
    const place = {
      file: file.name,
      get where() {
        return placeOf(at, numberNow())
      },
    }
    if (!format!.recognises(record)) {
      const other = `if it is in another format, say so with ${nameOfOption('format', optionNames)}`
      throw invalidData(`${placeOf(file, number)}: this is nothing that ${format!.name} writes`, other)
    }
    for (const row of read(record, place)) {
      const named = score === undefined || score in row ? row : { ...row, [score]: row['reward'] ?? null }
      onRow(named, at, numberNow())
      rows++
    }
  }
  await forEachRecord(source, onRecord, onBytes)
  if (read && format !== ROWS && rows === 0) {
    throw invalidData(`${nameOfSource(source)} is in the format ${format!.name}, but has no samples`, 'write them, too')
  }
  return { format: (format ?? ROWS).name, mainScore }
}

function formatCalled(name: string): Format {
  const found = [...FORMATS, ROWS].find((format) => format.name === name)
  if (found) return found
  const names = [ROWS, ...FORMATS].map((format) => format.name)
  throw invalidArgument(`there is no format ${name}`, `there is: ${names.join(', ')}`)
}

/** Adds to what is said of a record that has not even our field of a task: it may be of a program that is not known. */
function withFormats(record: RowFields, isGuessed: boolean, take: () => void): void {
  try {
    take()
  } catch (error) {
    if (!isGuessed || 'task_id' in record || !(error instanceof PosttrainError)) throw error
    const names = FORMATS.map(({ name }) => name).join(', ')
    const hint = `${error.hint ?? ''}; of other programs these formats are known: ${names}`
    throw new PosttrainError(error.code, error.message, hint, { cause: error })
  }
}
