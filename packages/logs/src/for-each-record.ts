import { invalidData, PosttrainError } from '@posttrain/core'
import { contentOf, HEAD } from './containers/content.js'
import { forEachCsvRow } from './containers/csv-rows.js'
import { parseDocument, textOf } from './containers/json-document.js'
import { forEachParquetRow } from './containers/parquet-rows.js'
import { peeked } from './containers/peeked.js'
import { collected, isFile, type Stored } from './containers/stored.js'
import { forEachInspectSample } from './formats/inspect-archive.js'
import { parseJsonRow } from './json-row.js'
import { placeOf, type LogFile } from './log-file.js'
import { nameOfSource, type LogSource } from './log-source.js'
import { bytesOf } from './open-source.js'
import type { RowFields } from './row-fields.js'
import { forEachLine, withoutMark } from './containers/read-lines.js'

/** Told of each record of a source: an object, and where it stands. */
export type OnRecord = (record: RowFields, file: LogFile, number: number) => void

/**
 * Calls back with each record of a source: an object on each line of JSON Lines, the items of a JSON array or the one
 * object that a JSON text is, the rows of a table in CSV or Parquet, or the samples of an archive. Which of these a
 * source is shows in its first bytes. JSON Lines, Parquet and archives are read as streams.
 *
 * @param onBytes told of the size of each block read, before unpacking
 * @throws PosttrainError for a source that cannot be read, is damaged or holds something else
 */
export async function forEachRecord(
  source: LogSource,
  onRecord: OnRecord,
  onBytes: (bytes: number) => void = () => {},
): Promise<void> {
  const name = nameOfSource(source)
  const lines = jsonLines(name, onRecord)
  if (typeof source !== 'string' && 'lines' in source) {
    let line = 0
    for await (const text of source.lines) lines.take(line++ === 0 ? withoutMark(text) : text, line)
    lines.end()
    return
  }
  const { head, whole } = await peeked(bytesOf(source, onBytes), HEAD)
  const countedIn =
    (unit: string) =>
    (record: RowFields, number: number): void =>
      onRecord(record, { name, unit }, number)
  switch (contentOf(head)) {
    case 'lines':
      await forEachLine(whole, name, lines.take)
      lines.end()
      break
    case 'document':
      forEachItem(parseDocument(await collected(whole, name, 'a JSON text'), name), { name, unit: 'item' }, onRecord)
      break
    case 'csv':
      forEachCsvRow(textOf(await collected(whole, name, 'CSV'), name), name, countedIn('row'))
      break
    case 'parquet':
      await forEachParquetRow(await stored(source, whole, name), name, countedIn('row'))
      break
    case 'zip':
      await forEachInspectSample(await stored(source, whole, name), name, countedIn('sample'))
  }
}

/** Files are read where they are; what comes as a stream is collected. */
async function stored(source: LogSource, whole: AsyncGenerator<Uint8Array>, name: string): Promise<Stored> {
  if (typeof source !== 'string' || !isFile(source)) return { bytes: await collected(whole, name, 'such a file') }
  await whole.return(undefined)
  return { path: source }
}

function forEachItem(value: unknown, file: LogFile, onRecord: OnRecord): void {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  items.forEach((item, i) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      throw invalidData(`${placeOf(file, i + 1)}: this is not a JSON object`, 'each item of a list is a row')
    }
    onRecord(item as RowFields, file, i + 1)
  })
}

/** Takes lines of JSON. A last line that is cut off is named as such, which shows only when no line follows. */
function jsonLines(
  name: string,
  onRecord: OnRecord,
): { readonly take: (text: string, line: number) => void; readonly end: () => void } {
  const file = { name, unit: 'line' }
  let wrong: { readonly error: unknown; readonly text: string; readonly line: number } | undefined
  return {
    take: (text, line) => {
      if (text.trim() === '') return
      if (wrong) throw wrong.error
      let record
      try {
        record = parseJsonRow(text, placeOf(file, line))
      } catch (error) {
        wrong = { error, text, line }
        return
      }
      onRecord(record, file, line)
    },
    end: () => {
      if (!wrong) return
      const { error, text, line } = wrong
      const isTorn = line > 1 && text.startsWith('{') && !text.trimEnd().endsWith('}')
      throw !isTorn || !(error instanceof PosttrainError)
        ? error
        : invalidData(
            `${placeOf(file, line)}: the last line is cut off, as by a program that was stopped while it wrote`,
            `leave it out, for instance with head -n ${line - 1}`,
            error,
          )
    },
  }
}
