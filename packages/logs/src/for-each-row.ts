import { parseJsonRow } from './json-row.js'
import { placeOf, type LogFile } from './log-file.js'
import { nameOfSource, type LogSource } from './log-source.js'
import type { RowFields } from './parse-row.js'
import { forEachLine } from './read-lines.js'

/**
 * Calls back with each row of a source, in the fields of our own rows, and with where it stands.
 *
 * @param onBytes told of the size of each block read, before unzipping
 * @throws PosttrainError for a source that cannot be read, or is not a log
 */
export async function forEachRow(
  source: LogSource,
  onRow: (fields: RowFields, file: LogFile, number: number) => void,
  onBytes?: (bytes: number) => void,
): Promise<void> {
  const file = { name: nameOfSource(source), unit: 'line' }
  const onLine = (text: string, line: number): void => {
    if (text.trim() !== '') onRow(parseJsonRow(text, placeOf(file, line)), file, line)
  }
  await forEachLine(source, onLine, onBytes)
}
