import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { posttrainHere } from './in-process.js'
import { posttrain } from './posttrain.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posttrain-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const path = (name: string): string => join(folder, name)
function fileOf(name: string, content: unknown): string {
  writeFileSync(path(name), typeof content === 'string' ? content : JSON.stringify(content))
  return path(name)
}
const rowsIn = (name: string): unknown[] =>
  readFileSync(path(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

const evalplus = {
  eval: {
    a: [
      { solution: 'x', base_status: 'pass', plus_status: 'fail' },
      { solution: 'y', base_status: 'pass', plus_status: 'pass' },
    ],
    b: [
      { solution: 'x', base_status: 'fail', plus_status: 'fail' },
      { solution: 'y', base_status: 'pass', plus_status: 'fail' },
    ],
  },
}

describe('posttrain convert', () => {
  it('writes rows that evaluate to what the files themselves evaluate to', async () => {
    const results = fileOf('results.json', evalplus)
    const { status, stdout, stderr } = await posttrainHere([
      'convert',
      results,
      '--score',
      'plus',
      '--out',
      path('rows'),
    ])
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: '',
      stderr: `note: ${results} is read as evalplus: 4 rows\n`,
    })
    expect(rowsIn('rows')[1]).toEqual({ task_id: 'a', sample: 1, reward: 1, completion: 'y', plus: 1 })
    const evaluated = async (...args: string[]): Promise<unknown> =>
      JSON.parse((await posttrainHere(['evaluate', ...args, '--k', '1,2', '--json'])).stdout)
    expect(await evaluated(path('rows'))).toEqual(await evaluated(results, '--score', 'plus'))
  })

  it('writes what several files hold, one after the other, and says what each is', async () => {
    const csv = fileOf('a.csv', 'task_id,passed\na,True\n')
    const array = fileOf('b.json', [{ task_id: 'b', reward: null }])
    const { stderr } = await posttrainHere(['convert', csv, array, '--out', path('rows')])
    expect(stderr).toBe(`note: ${csv} is read as rows: 1 rows\nnote: ${array} is read as rows: 1 rows\n`)
    expect(rowsIn('rows')).toEqual([
      { task_id: 'a', passed: true },
      { task_id: 'b', reward: null },
    ])
  })

  it.each([
    [
      ['results.json'],
      /results.json, sample 1: there are several scores \(base, plus\)[^]*choose one with --score NAME/,
    ],
    [['results.json', '--score', 'x'], /there is no score x/],
    [['results.json', 'results.json', '--score', 'base'], /results.json is .*results.json, too/],
    [['rows.jsonl', '--score', 'x'], /rows.jsonl holds rows as they are/],
    [['empty.jsonl'], /empty.jsonl is empty/],
    [['infinite.jsonl'], /infinite.jsonl, line 1: reward is infinite, which JSON cannot say/],
    [['none.jsonl'], /cannot read .*none.jsonl: there is no such file/],
    [['results.json', '--format', 'tool'], /--format <name>' argument 'tool' is invalid/],
  ])('refuses %j and leaves nothing behind', async (args, message) => {
    fileOf('results.json', evalplus)
    fileOf('rows.jsonl', { task_id: 'a', reward: 1 })
    fileOf('infinite.jsonl', '{"task_id":"a","reward":Infinity}')
    fileOf('empty.jsonl', '\n')
    const before = readdirSync(folder)
    const files = args.map((arg) => (/\.jsonl?$/.test(arg) ? path(arg) : arg))
    const { status, stderr } = await posttrainHere(['convert', ...files, '--out', path('out')])
    expect(status).toBe(2)
    expect(stderr).toMatch(message)
    expect(readdirSync(folder)).toEqual(before)
  })

  it('does not write over a file that it reads', async () => {
    const rows = fileOf('rows.jsonl', { task_id: 'a', reward: 1 })
    const { status, stderr } = await posttrainHere(['convert', rows, '--out', rows])
    expect(status).toBe(2)
    expect(stderr).toContain(`is --out ${rows}, too`)
    expect(rowsIn('rows.jsonl')).toEqual([{ task_id: 'a', reward: 1 }])
  })

  it('leaves nothing when it is stopped', async () => {
    const row = `${JSON.stringify({ task_id: 'a', reward: 1, completion: 'x'.repeat(500) })}\n`
    const log = fileOf('log.jsonl', row.repeat(100_000))
    const begun = (): boolean => readdirSync(folder).some((name) => name.startsWith('.posttrain-'))
    expect((await posttrain(['convert', log, '--out', path('rows')], folder, begun)).status).toBe(130)
    expect(readdirSync(folder)).toEqual(['log.jsonl'])
  })
})
