import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import type { LogGroup } from '../src/open-groups.js'
import type { LogRow } from '../src/parse-row.js'
import { readLog, readLogGroups, type ReadProgress } from '../src/read-log.js'

const folder = mkdtempSync(join(tmpdir(), 'posttrain-logs-'))
afterAll(() => rmSync(folder, { recursive: true }))

const rows = (...all: object[]): string[] => all.map((row) => JSON.stringify(row))
const two = rows({ task_id: 'a', reward: 1, system: 'x' }, { task_id: 'b', reward: 0, system: 'y' })

describe('readLog', () => {
  it('tells of each row that it takes, with the texts', async () => {
    const told: unknown[] = []
    const lines = rows(
      { task_id: 'a', reward: 1, system: 'x', prompt: '1+1', completion: '2' },
      { task_id: 'a', reward: 0, system: 'y', completion: '3' },
      { task_id: 'b', rewards: [0], system: 'x', samples: ['4'] },
    )
    await readLog({ lines }, { where: { system: 'x' }, onRow: (row) => told.push(row) })
    expect(told).toMatchObject([
      { taskId: 'a', prompt: '1+1', samples: [{ reward: 1, completion: '2' }] },
      { taskId: 'b', prompt: undefined, samples: [{ reward: 0, completion: '4' }] },
    ])
  })

  it('tells what log each row goes into', async () => {
    const told: unknown[] = []
    const lines = rows(
      { task_id: 'a', reward: 1, model: 'm1', temperature: 0.7 },
      { task_id: 'a', reward: 0, model: 'm2' },
    )
    const onRow = (row: LogRow, group: LogGroup['values']): void => void told.push([row.taskId, ...group])
    await readLogGroups({ lines }, { groupBy: ['model', 'temperature'], onRow })
    expect(told).toEqual([
      ['a', 'm1', '0.7'],
      ['a', 'm2', undefined],
    ])
  })

  it('reads files, bytes and lines as one log, and tells how far it has come', async () => {
    const plain = join(folder, 'plain.jsonl')
    const zipped = join(folder, 'zipped.gz')
    const content = rows({ task_id: 'a', reward: 1 }, { task_id: 'a', reward: 0 }).join('\n')
    const pack = gzipSync(rows({ task_id: 'b', n: 3, c: 1 }).join('\n'))
    writeFileSync(plain, content)
    writeFileSync(zipped, pack)
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"task_id":"c","rewards":[null,1]}\n')
    }
    const seen: ReadProgress[] = []
    const log = await readLog(
      [plain, zipped, { name: 'pipe', bytes: bytes() }, { lines: rows({ task_id: 'a', reward: 0.5 }) }],
      { onProgress: (progress) => seen.push(progress) },
    )
    expect([...log.sampleCounts('exclude')]).toEqual([
      ['a', 3],
      ['b', 3],
      ['c', 1],
    ])
    expect(log.totals).toMatchObject({ samples: 8, unscored: 1, firstUnscored: 'pipe, line 1' })
    expect(seen).toEqual([
      { bytes: content.length, rows: 0 },
      { bytes: content.length + pack.length, rows: 2 },
      { bytes: content.length + pack.length + 35, rows: 3 },
      { bytes: content.length + pack.length + 35, rows: 5 },
    ])
  })

  it('takes the rows with a value, and refuses a mixture with the hint in the words of the caller', async () => {
    const log = await readLog({ lines: two }, { where: { system: 'y' } })
    expect([...log.sampleCounts('exclude')]).toEqual([['b', 1]])
    await expect(readLog({ lines: two })).rejects.toThrow(
      expect.objectContaining({
        message: 'lines, line 2: the rows differ in system ("x", "y"), and figures over both are of neither',
        hint: 'choose one value with where: system=VALUE, or pool them with pool: system',
      }),
    )
    await expect(readLog({ lines: two }, { optionNames: { where: '--where-a', pool: '--pool' } })).rejects.toThrow(
      expect.objectContaining({
        hint: 'choose one value with --where-a system=VALUE, or pool them with --pool system',
      }),
    )
    await expect(readLog({ lines: two }, { where: { system: 'z' } })).rejects.toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: 'no row has system = z',
        hint: 'in the log system is "x", "y"',
      }),
    )
  })

  it('refuses nothing, a source twice, an empty one, and one without any score', async () => {
    await expect(readLog([])).rejects.toThrow('there is nothing to read')
    await expect(readLog(['a/b.jsonl', 'a/../a/b.jsonl'])).rejects.toThrow('a/../a/b.jsonl is given twice')
    const lines = { name: 'mine', lines: two }
    await expect(readLog([lines, lines])).rejects.toThrow('mine is given twice')
    await expect(readLog({ lines: ['', ' '] })).rejects.toThrow('lines is empty')
    await expect(readLog({ lines: rows({ task_id: 'a' }, { task_id: 'b' }) })).rejects.toThrow(
      'none of the 2 samples has a score (lines, line 1)',
    )
    await expect(readLog(join(folder, 'none'))).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-argument', hint: 'check the path' }),
    )
  })

  it('keeps answers unless nobody will vote', async () => {
    const lines = rows({ task_id: 'a', reward: 1, answer: 'x' })
    expect((await readLog({ lines })).totals).toMatchObject({ answered: 1, keepsAnswers: true })
    expect((await readLog({ lines }, { keepAnswers: false })).totals).toMatchObject({ keepsAnswers: false })
  })
})
