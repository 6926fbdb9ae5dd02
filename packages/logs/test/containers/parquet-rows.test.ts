import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { bytesOf, rowsOf } from '../formats/reading.js'

const folder = mkdtempSync(join(tmpdir(), 'posttrain-logs-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Columns task_id (9007199254740993, 7, 7), reward (1, 0.5, NaN) and answer (a text, a text, null), by hyparquet-writer. */
const PARQUET = Buffer.from(
  'UEFSMRUGFTQVNFwVBhUAFQYVABUEFQAAAAMHGAQBAAEBCCAABwEHKAAAAAcAAAAAAAAAFQYVNBUwXBUGFQAVBhUAFQQVAAAAAwcY' +
    'AAAFAQTwPwUHKADgPwAAAAAAAPh/FQYVJBUoXBUGFQIVBhUAFQQVAAAAAwMQPAcAAADDqSwgIngiAQAAADQVBBlMSARyb290FQYA' +
    'FQQlAhgHdGFza19pZAAVCiUCGAZyZXdhcmQAFQwlAhgGYW5zd2VyJQAAFgYZHBk8JggcFQQZFQAZGAd0YXNrX2lkFQIWBhZeFl4m' +
    'CDw2ACgIAQAAAAAAIAAYCAcAAAAAAAAAABkcFQYVABUCAAAAJmYcFQoZFQAZGAZyZXdhcmQVAhYGFl4WWiZmPDYAKAgAAAAAAADw' +
    'PxgIAAAAAAAA4D82AgAZHBUGFQAVAgAAACbAARwVDBkVABkYBmFuc3dlchUCFgYWThZSJsABPDYCKAfDqSwgIngiGAE0ABkcFQYV' +
    'ABUCAAAAFooCFgY2igIAKAloeXBhcnF1ZXQZPBwAABwAABwAAAAUAQAAUEFSMQ==',
  'base64',
)
const rows = [
  { task_id: '9007199254740993', reward: 1, answer: 'é, "x"' },
  { task_id: 7, reward: 0.5, answer: '4' },
  { task_id: 7, reward: null },
]

describe('a table in Parquet', () => {
  it('is read from a file and from a stream, with ids that a double does not hold', async () => {
    const file = join(folder, 'rows')
    writeFileSync(file, PARQUET)
    for (const source of [file, bytesOf(PARQUET, 5), bytesOf(gzipSync(PARQUET))]) {
      const read = await rowsOf(source)
      expect(read.rows).toEqual(rows)
      expect(read.places).toEqual(['row 1', 'row 2', 'row 3'])
      expect(read.format).toBe('rows')
    }
  })

  it('is refused where it is cut off', async () => {
    for (const length of [4, 20, 200, PARQUET.length - 1]) {
      await expect(rowsOf(PARQUET.subarray(0, length))).rejects.toThrow(/^log is a damaged Parquet file: /)
    }
  })
})
