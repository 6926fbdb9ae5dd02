import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { LogSource } from '../src/log-source.js'
import { readLog, readLogGroups } from '../src/read-log.js'

const rows = [
  { task_id: 'a', reward: 1 },
  { task_id: 'a', reward: 0 },
  { task_id: 'b', reward: 0 },
]
const source = (name: string, all: readonly object[]): LogSource => ({
  name,
  lines: all.map((row) => JSON.stringify(row)),
})
const first = source('first', rows)
const copied = source('copy', rows)

async function* packed(): AsyncGenerator<Uint8Array> {
  yield gzipSync(rows.map((row) => JSON.stringify(row)).join('\n'))
}

describe('a copy of a source', () => {
  const message = 'says the same of the same 3 samples as first, which would count double'

  const renamed = rows.map((row) => ({ task_id: row.task_id, passed: row.reward === 1 }))
  it.each<[string, () => LogSource]>([
    ['as it was', () => copied],
    ['in another order', () => source('copy', [...rows].reverse())],
    ['under other names', () => source('copy', renamed)],
    ['packed', () => ({ name: 'copy', bytes: packed() })],
  ])('is refused %s', async (_, copy) => {
    await expect(readLog([first, copy()])).rejects.toThrow(`copy ${message}`)
    const other = source('other', [{ task_id: 'c', reward: 1 }])
    await expect(readLog([first, other, copy()])).rejects.toThrow(`copy ${message}`)
  })

  it('can be said to be another run', async () => {
    await expect(readLog([first, copied], { optionNames: { sample: '--sample' } })).rejects.toMatchObject({
      code: 'invalid-argument',
      hint: 'leave one of the two out; if they are two runs, say so with --sample none',
    })
    const log = await readLog([first, copied], { fields: { sample: 'none' } })
    expect(log.totals.samples).toBe(6)
  })
})

describe('what is no copy', () => {
  it('are other outcomes, however few', async () => {
    const other = rows.map((row) => ({ ...row, reward: 1 }))
    const log = await readLog([first, source('second', other)])
    expect(log.totals.samples).toBe(6)
  })

  it('is one sample that comes twice', async () => {
    const [row] = rows
    const log = await readLog([source('first', [row!]), source('second', [row!])])
    expect(log.totals.samples).toBe(2)
  })

  it('are the same outcomes of another model, or of another run', async () => {
    const both = ['m', 'o'].map((model) => {
      const ofModel = rows.map((row) => ({ ...row, model }))
      return source(model, ofModel)
    })
    const groups = await readLogGroups(both, { groupBy: ['model'] })
    expect(groups.map(({ log }) => log.totals.samples)).toEqual([3, 3])
    const [group] = await readLogGroups(both, { groupBy: [], runs: 'model' })
    expect(group!.runs.map(({ log }) => log.totals.samples)).toEqual([3, 3])
  })

  it('are samples with a number, which are one sample each', async () => {
    const numbered = rows.map((row, sample) => ({ ...row, sample }))
    const log = await readLog([source('first', numbered), source('second', numbered)])
    expect(log.totals).toMatchObject({ samples: 3 })
  })
})
