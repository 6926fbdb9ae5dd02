import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { rowsOf, type LogSource, type PlacedRow } from '@posttrain/logs'

const folder = mkdtempSync(join(tmpdir(), 'rows-of-'))
afterAll(() => rmSync(folder, { recursive: true }))
const fileOf = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

const count = 20_000
const lines = Array.from({ length: count }, (_, i) => `{"task_id":"t${i}"}\n`).join('')

async function taken(source: LogSource, most = Infinity): Promise<PlacedRow[]> {
  const rows: PlacedRow[] = []
  for await (const row of rowsOf(source, { format: 'rows' })) {
    rows.push(row)
    if (rows.length >= most) break
  }
  return rows
}

describe('rowsOf', () => {
  it('gives the rows of every container, in order, with their places', async () => {
    const plain = fileOf('rows.jsonl', lines)
    const sources: LogSource[] = [
      plain,
      fileOf('rows.jsonl.gz', gzipSync(lines)),
      { name: 'stream', bytes: createReadStream(plain, { highWaterMark: 100 }) },
      { name: 'texts', lines: lines.trimEnd().split('\n') },
    ]
    for (const source of sources) {
      const rows = await taken(source)
      expect(rows.map(({ fields }) => fields['task_id'])).toEqual(Array.from({ length: count }, (_, i) => `t${i}`))
      expect(rows[count - 1]!.where).toMatch(/, line 20000$/)
    }
    expect(await taken(fileOf('rows.csv', 'task_id,x\na,1\n'))).toEqual([
      { fields: { task_id: 'a', x: 1 }, where: `${join(folder, 'rows.csv')}, row 1` },
    ])
    expect(await taken(fileOf('empty.jsonl', ''))).toEqual([])
  })

  it('reads no further than the first MiB or a block beyond what was taken, and closes the source', async () => {
    let [given, closed] = [0, false]
    const bytes = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (; given < 5_000; given++) yield Buffer.from(`{"task_id":"${given}","text":"${'x'.repeat(1_000)}"}\n`)
      } finally {
        closed = true
      }
    }
    const rows = await taken({ name: 'stream', bytes: bytes() }, 50)
    expect(rows).toHaveLength(50)
    // The first MiB tells the container; then rows are taken before a further block is.
    expect(given).toBeLessThan(1_100)
    expect(closed).toBe(true)
  })

  it('throws what is wrong after the rows before it', async () => {
    const rows: PlacedRow[] = []
    const read = async (): Promise<void> => {
      for await (const row of rowsOf(fileOf('bad.jsonl', '{"a":1}\n{"a":2}\nnone\n'), { format: 'rows' }))
        rows.push(row)
    }
    await expect(read()).rejects.toThrow('bad.jsonl, line 3: this is not JSON')
    expect(rows.map(({ fields }) => fields)).toEqual([{ a: 1 }, { a: 2 }])
    await expect(taken(join(folder, 'absent'))).rejects.toThrow('cannot read')
  })
})
