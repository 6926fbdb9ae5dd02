import { invalidData } from '@posttrain/core'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type AsyncBuffer } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import type { Stored } from './stored.js'

/** Rows that are held in memory at once. */
const BLOCK = 10_000

/**
 * Calls back with each row of a Parquet file, by the names of its columns, and its number from 1. A whole number that
 * a double does not hold is the text of its digits; NaN is null, and a null is left out.
 *
 * @param name of the file, for messages
 * @throws PosttrainError `invalid-data` for a damaged file
 */
export async function forEachParquetRow(
  stored: Stored,
  name: string,
  onRow: (row: Readonly<Record<string, unknown>>, number: number) => void,
): Promise<void> {
  try {
    const file = 'path' in stored ? await asyncBufferFromFile(stored.path) : bufferOf(stored.bytes)
    const metadata = await parquetMetadataAsync(file)
    const rows = Number(metadata.num_rows)
    for (let start = 0; start < rows; start += BLOCK) {
      const rowEnd = Math.min(start + BLOCK, rows)
      const block = await parquetReadObjects({ file, metadata, compressors, rowStart: start, rowEnd })
      block.forEach((row, i) => onRow(plain(row) as Record<string, unknown>, start + i + 1))
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'PosttrainError') throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw invalidData(`${name} is a damaged Parquet file: ${reason}`, 'copy it again', error)
  }
}

const bufferOf = (bytes: Buffer): AsyncBuffer => ({
  byteLength: bytes.length,
  slice: (start, end) => Uint8Array.from(bytes.subarray(start, end)).buffer,
})

/** A value as JSON could have it. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (Number.isNaN(value)) return null
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as ArrayLike<unknown>, plain)
  if (typeof value !== 'object' || value === null) return value
  const held = Object.entries(value).filter(([, item]) => item !== null && item !== undefined)
  return Object.fromEntries(held.map(([key, item]) => [key, plain(item)]))
}
