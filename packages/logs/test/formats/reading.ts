import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { evaluateLog } from '../../src/evaluate-log.js'
import { forEachRow, type ReadSource, type ReadSourceOptions } from '../../src/for-each-row.js'
import type { LogSource } from '../../src/log-source.js'
import type { RowFields } from '../../src/row-fields.js'
import { readLog, type ReadLogOptions } from '../../src/read-log.js'

/** The rows of a source, and what it turned out to be. */
export async function rowsOf(
  source: LogSource | Buffer,
  options: ReadSourceOptions = {},
): Promise<ReadSource & { readonly rows: readonly RowFields[]; readonly places: readonly string[] }> {
  const rows: RowFields[] = []
  const places: string[] = []
  const read = await forEachRow(
    Buffer.isBuffer(source) ? bytesOf(source) : source,
    (fields, { unit }, number) => {
      rows.push(fields)
      places.push(`${unit} ${number}`)
    },
    options,
  )
  return { ...read, rows, places }
}

/** Bytes as a source, in blocks of a size. */
export function bytesOf(content: Buffer | string, size = 2 ** 16): { name: string; bytes: AsyncIterable<Uint8Array> } {
  const bytes = Buffer.from(content)
  async function* blocks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  return { name: 'log', bytes: blocks() }
}

/** Estimates of objectives on a log. */
export async function estimates(
  source: LogSource,
  objectives: readonly string[],
  options: ReadLogOptions = {},
  unscored: 'exclude' | 'count-as-failure' = 'exclude',
): Promise<readonly number[]> {
  const log = await readLog(source, options)
  return evaluateLog(log, { objectives, unscored, dropShort: true }).measured.map(({ estimate }) => estimate.value)
}

const LOGS = resolve(fileURLToPath(new URL('../../../..', import.meta.url)), '../shared/data/logs')

/** A file of a tool itself, which may not be here. */
export const fileOf = (name: string): string => join(LOGS, name)
export const isMissing = (name: string): boolean => !existsSync(fileOf(name))

/** A title that says when a test is skipped for want of a file. */
export const titled = (title: string, name: string): string =>
  isMissing(name) ? `${title} (skipped: ../shared/data/logs/${name} is not here)` : title
