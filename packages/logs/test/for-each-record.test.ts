import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { bytesOf, rowsOf } from './formats/reading.js'
import { zipOf } from './containers/zip.js'

const folder = mkdtempSync(join(tmpdir(), 'posttrain-logs-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
function fileOf(content: string | Buffer): string {
  const file = join(folder, `${files++}`)
  writeFileSync(file, content)
  return file
}
/** `{"task_id":"a","reward":1}` a thousand times, as the command `zstd` packs it. */
const ZSTD = Buffer.from('KLUv/WR4aB0BANh7InRhc2tfaWQiOiJhIiwicmV3YXJkIjoxfQoBAGulvs8xrF0z+g==', 'base64')

const rows = [
  { task_id: 'a', reward: 1, answer: '7' },
  { task_id: 'b', reward: 0.5, answer: 'x, "y"\nz' },
]
const csv = (delimiter: string, end: string): string =>
  [
    ['task_id', 'reward', 'answer'],
    ['a', '1', '7'],
    ['b', '0.5', '"x, ""y""\nz"'],
  ]
    .map((cells) => cells.join(delimiter) + end)
    .join('')

describe('rows of ours', () => {
  it.each([
    ['JSON Lines', rows.map((row) => JSON.stringify(row)).join('\n'), 'line'],
    [
      'JSON Lines with blank lines and CRLF',
      `\n${rows.map((row) => JSON.stringify(row)).join('\r\n\r\n')}\r\n`,
      'line',
    ],
    ['a JSON array', JSON.stringify(rows), 'item'],
    ['an indented JSON array', `\ufeff${JSON.stringify(rows, null, 2)}\n`, 'item'],
    ['CSV', csv(',', '\n'), 'row'],
    ['CSV with semicolons and CRLF', `\ufeff${csv(';', '\r\n')}`, 'row'],
    ['tabs', csv('\t', '\n'), 'row'],
  ])('are the same in %s, plain and gzip, from a file and a stream, however it is cut', async (_, text, unit) => {
    const plain = Buffer.from(text)
    for (const content of [plain, gzipSync(plain)]) {
      for (const source of [fileOf(content), bytesOf(content), bytesOf(content, 1), bytesOf(content, 7)]) {
        const read = await rowsOf(source)
        expect(read.format).toBe('rows')
        expect(read.rows.map((row) => ({ ...row, answer: String(row['answer']) }))).toEqual(rows)
        expect(read.places.every((place) => place.startsWith(`${unit} `))).toBe(true)
      }
    }
  })

  it('are read from zstd, however it is cut', async () => {
    for (const size of [1, 7, 2 ** 16]) {
      const { rows } = await rowsOf(bytesOf(ZSTD, size))
      expect(rows).toHaveLength(1000)
      expect(rows[999]).toEqual({ task_id: 'a', reward: 1 })
    }
    await expect(rowsOf(bytesOf(ZSTD.subarray(0, 40)))).rejects.toThrow('log is a damaged zstd file: it ends too early')
  })

  it('are in one JSON object that stands on several lines', async () => {
    expect((await rowsOf(bytesOf('{\n"task_id": "a",\n"reward": NaN\n}'))).rows).toEqual([
      { task_id: 'a', reward: null },
    ])
    expect((await rowsOf(bytesOf('{"task_id": "a",\n"reward": 1}'))).rows).toEqual([{ task_id: 'a', reward: 1 }])
  })

  it('number columns of CSV that have one name', async () => {
    expect((await rowsOf(bytesOf('task_id,x,x,x\na,1,2,3\n'))).rows).toEqual([
      { task_id: 'a', x: 1, 'x (2)': 2, 'x (3)': 3 },
    ])
  })

  it('keep the spelling of cells in CSV, except where a score is wanted', async () => {
    const text = 'task_id,correct,answer,model\n007,True,1.0,\n1e3,nan,True,m\n12345678901234567890,1.0,9,true\n'
    expect((await rowsOf(bytesOf(text))).rows).toEqual([
      { task_id: '007', correct: true, answer: '1.0', model: null },
      { task_id: '1e3', correct: null, answer: 'True', model: 'm' },
      { task_id: '12345678901234567890', correct: 1, answer: 9, model: true },
    ])
  })
})

describe('what is no log', () => {
  const message = async (content: string | Buffer): Promise<string> =>
    rowsOf(bytesOf(content)).then(
      () => 'it was read',
      (error: unknown) => (error as Error).message,
    )

  it.each([
    ['[1]', 'log, item 1: this is not a JSON object'],
    ['[{"task_id":"a"}, 7]', 'log, item 2: this is not a JSON object'],
    ['[{"task_id":"a"},', /^log: this is not JSON: /],
    ['{\n"task_id": "a"', /^log: this is not JSON: /],
    ['{"task_id":"a","rew\n{"task_id":"a","reward":1}\n', 'log, line 1: this is not JSON'],
    ['{"task_id":"a"}\n{"task_id"\n{"task_id":"c"}\n', 'log, line 2: this is not JSON'],
    [
      '{"task_id":"a"}\n{"task_id":"b","re',
      'log, line 2: the last line is cut off, as by a program that was stopped while it wrote',
    ],
    ['{"task_id":"a"}\nTraceback', 'log, line 2: this is not JSON'],
    ['hello', 'log, line 1: this is not JSON'],
    ['', 'it was read'],
    ['a,b\n1,2,3\n', 'log, row 1: 3 cells, but the first line names 2'],
    ['a,b\n1,2\n3', 'log, row 2: 1 cells, but the first line names 2'],
    ['a,b\n1,"x', 'log, row 1: a quoted cell is not closed'],
    ['a,b\n1,"x"y\n', 'log, row 1: a quoted cell goes on after its closing quote'],
    ['task_id,passed,task_id\na,1,b\n', 'log: the column task_id stands there twice'],
  ])('is refused: %j', async (content, expected) => {
    expect(await message(content)).toMatch(expected)
  })

  it('is text that is no UTF-8, wherever it stands', async () => {
    expect(await message(Buffer.from('[{"a":"\xe9"}]', 'latin1'))).toBe('log: this is not text (not valid UTF-8)')
    expect(await message(Buffer.from('a,b\n1,\xe9\n', 'latin1'))).toBe('log: this is not text (not valid UTF-8)')
  })

  it('is a JSON text whose lists lie within one another 100,000 deep', async () => {
    const deep = `${'['.repeat(1e5)}${']'.repeat(1e5)}`
    expect(await message(deep)).toBe('log: lists and objects lie within one another more than 1000 deep')
    expect(await message(`{"a":${deep}}`)).toContain('more than 1000 deep')
  })
})

describe('an archive', () => {
  const header = { name: 'header.json', content: '{"version":2,"eval":{"task":"t","model":"m"},"plan":{}}' }
  const sample = (id: string): string => `{"id":"${id}","epoch":1,"scores":{"match":{"value":"C"}}}`
  const member = { name: 'samples/a_epoch_1.json', content: sample('a') }
  const message = async (content: Buffer): Promise<string> =>
    rowsOf(bytesOf(content)).then(
      () => 'it was read',
      (error: unknown) => (error as Error).message,
    )

  it('is read from a file and from a stream, stored or deflate, in the order of its table', async () => {
    const stored = { name: 'samples/Été 2.json', content: sample('Été 2'), method: 0 }
    const zip = zipOf([stored, member, { name: 'summaries.json', content: '[' }, header])
    for (const source of [fileOf(zip), bytesOf(zip, 100), bytesOf(gzipSync(zip))]) {
      const { format, rows, places } = await rowsOf(source)
      expect(format).toBe('inspect')
      expect(rows).toMatchObject([
        { task_id: 'Été 2', reward: 1, model: 'm' },
        { task_id: 'a', reward: 1, benchmark: 't' },
      ])
      expect(places).toEqual(['sample 1', 'sample 2'])
    }
  })

  it('has the later of two members of one name, as what a retry leaves', async () => {
    const zip = zipOf([header, { ...member, content: sample('old') }, member])
    expect((await rowsOf(zip)).rows).toMatchObject([{ task_id: 'a' }])
  })

  it('of something else is refused with its members', async () => {
    const zip = zipOf([{ name: 'a.jsonl', content: '{}' }])
    expect(await message(zip)).toBe('log is a zip archive of something else than an Inspect log (a.jsonl)')
    expect(await message(zipOf([]))).toContain('something else than an Inspect log')
  })

  it('is refused wherever it is cut off', async () => {
    const zip = zipOf([header, member])
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: zip.length - 1 }), async (length) => {
        expect(await message(zip.subarray(0, length))).toMatch(/^log.* is damaged: /)
      }),
      { numRuns: 30 },
    )
  })

  it('is refused where a member is not what the table says, leads elsewhere, or is packed otherwise', async () => {
    expect(await message(zipOf([header, { ...member, crc: 1 }]))).toMatch(
      /samples\/a_epoch_1.json is damaged: its checksum/,
    )
    expect(await message(zipOf([header, { ...member, size: 3 }]))).toMatch(/samples\/a_epoch_1.json is damaged/)
    expect(await message(zipOf([header, { ...member, name: 'samples/../../x.json' }]))).toMatch(
      /^log is damaged: .*relative path/,
    )
    expect(await message(zipOf([header, { ...member, method: 12 }]))).toMatch(/is encrypted or packed by method 12/)
    expect(await message(zipOf([header, { ...member, content: '[]' }]))).toBe(
      'log, samples/a_epoch_1.json: this is not a JSON object',
    )
  })

  it('that fills the memory is refused before it does', async () => {
    const size = 255 * 2 ** 20
    const packed = deflateRawSync(Buffer.alloc(size, ' '), { level: 9 })
    const bomb = { name: 'samples/x.json', content: '', packed, size: 2 ** 30 }
    expect(await message(zipOf([header, bomb]))).toBe('log, samples/x.json is larger than 256 MiB')
    const lying = { ...bomb, size: 1000 }
    expect(await message(zipOf([header, lying]))).toMatch(/samples\/x.json is damaged: /)
  })
})
