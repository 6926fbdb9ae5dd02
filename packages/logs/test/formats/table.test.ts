import { readFileSync } from 'node:fs'
import type { PosttrainError } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { FORMATS, logFormats } from '../../src/formats/table.js'
import { readLog } from '../../src/read-log.js'
import { rowsOf } from './reading.js'

describe('the table of formats', () => {
  it('has each name once, and says what each was tried on', () => {
    const names = logFormats.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names[0]).toBe('rows')
    for (const { name, triedOn } of FORMATS) expect(triedOn, name).not.toBe('')
  })

  it('stands in the README as it is here', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    for (const { name, title, triedOn } of FORMATS) {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\``))
      expect(row?.split('|').map((cell) => cell.trim())).toEqual(['', `\`${name}\``, title, triedOn, ''])
    }
  })

  it('takes no row of ours for another', async () => {
    const rows = [
      { task_id: 'a', reward: 1, answer: '7', proxy: 0.5, model: 'm', sample: 1, metadata: {} },
      { task_id: 'a', passed: true, completion: 'x' },
      { task_id: 'a', n: 4, c: 1 },
      { task_id: 'a', rewards: [1, 0], answers: ['7', '8'], samples: ['x', 'y'] },
      { id: 'a', scores: { match: { value: 'C' } } },
      { question: 'a' },
    ]
    for (const row of rows) {
      const { format, rows: read } = await rowsOf({ lines: [JSON.stringify(row)] })
      expect({ format, read }).toEqual({ format: 'rows', read: [row] })
    }
  })

  it('is chosen from by name', async () => {
    const lines = ['{"task_id":"T/0","completion":"x","result":"passed","passed":true}']
    expect((await rowsOf({ lines })).format).toBe('human-eval')
    expect((await rowsOf({ lines }, { format: 'rows' })).rows[0]).toHaveProperty('result')
    await expect(rowsOf({ lines }, { format: 'lm_eval' })).rejects.toThrow(
      expect.objectContaining({
        message: 'there is no format lm_eval',
        hint: expect.stringContaining('lm-eval') as string,
      }),
    )
  })

  it('holds every record of a file against the format of the first', async () => {
    const first = '{"task_id":"T/0","completion":"x","result":"passed","passed":true}'
    const lines = [first, '{"task_id":"T/0","reward":1}']
    await expect(rowsOf({ lines }, { optionNames: { format: '--format' } })).rejects.toThrow(
      expect.objectContaining({
        message: 'lines, line 2: this is nothing that human-eval writes',
        hint: 'if it is in another format, say so with --format',
      }),
    )
    expect((await rowsOf({ lines }, { format: 'rows' })).rows).toHaveLength(2)
    await expect(rowsOf({ lines }, { format: 'inspect' })).rejects.toThrow(
      'line 1: this is nothing that inspect writes',
    )
  })

  it('says that a log was written without its samples', async () => {
    const lines = ['{"eval":{"task":"t","model":"m"},"plan":{}}']
    await expect(rowsOf({ lines })).rejects.toThrow('lines is in the format inspect, but has no samples')
  })

  it('is named where a record has not even the name of a task', async () => {
    const hint = async (line: string, format?: string): Promise<unknown> =>
      readLog({ lines: [line] }, { format }).then(
        () => 'it was read',
        (error: unknown) => (error as PosttrainError).hint,
      )
    const names = 'of other programs these formats are known: inspect, lm-eval, promptfoo'
    expect(await hint('{"item":"a","verdict":1}')).toContain(names)
    expect(await hint('{"item":"a","verdict":1}', 'rows')).not.toContain(names)
    expect(await hint('{"task_id":"a","reward":"x"}')).not.toContain(names)
  })
})
