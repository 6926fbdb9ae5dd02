import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { leastBounds } from '../src/at-least.js'
import { emptyFolder, posttrain } from './posttrain.js'

const folder = emptyFolder()
afterAll(() => rmSync(folder, { recursive: true }))

/** Forty tasks of two samples; all of those of model a are right, one in two of b. */
const rows = ['a', 'b'].flatMap((model) =>
  Array.from({ length: 40 }, (_, t) =>
    [0, 1].map((s) => ({ task_id: t, model, passed: model === 'a' || s === 0 })),
  ).flat(),
)
const of = (model: string) => rows.filter((row) => row.model === model)
for (const [name, some] of [
  ['a', of('a')],
  ['b', of('b')],
  ['both', rows],
] as const)
  writeFileSync(join(folder, `${name}.jsonl`), some.map((row) => JSON.stringify(row) + '\n').join(''))
const evaluate = (...args: readonly string[]) => posttrain(['evaluate', ...args], folder)

describe('evaluate --at-least', () => {
  it('passes where the lower bound reaches it, and not where the estimate alone does', async () => {
    const passed = await evaluate('a.jsonl', '--at-least', 'pass@1=0.9')
    expect([passed.status, passed.stderr]).toEqual([
      0,
      expect.stringContaining('gate: pass@1 is shown to be at least 0.9'),
    ])
    const failed = await evaluate('a.jsonl', '--at-least', 'pass@1=0.99') // the estimate is 1
    expect([failed.status, failed.stderr]).toEqual([
      1,
      expect.stringContaining('pass@1 is not shown to be at least 0.99'),
    ])
  })

  it('asks it of every group and every metric', async () => {
    const bounds = ['--at-least', 'pass@2=0.9,pass@1=0.6']
    const { status, stderr } = await evaluate('both.jsonl', '--group-by', 'model', ...bounds)
    expect(status).toBe(1)
    expect(stderr).toContain('pass@1 of model a is shown to be at least 0.6')
    expect(stderr).toContain('pass@1 of model b is not shown to be at least 0.6')
    expect(stderr).toContain('pass@2 of model b is shown to be at least 0.9')
  })

  it('refuses a wrong metric, and a bound that is no number or given twice', async () => {
    expect((await evaluate('a.jsonl', '--at-least', 'pas@1=0.9')).status).toBe(2)
    expect(() => leastBounds('pass@1=null')).toThrow('It must be a number.')
    expect(() => leastBounds('pass@1=0.9,pass@1=0.8')).toThrow('pass@1 is given twice.')
  })
})
