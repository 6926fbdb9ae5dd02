import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { evaluateLog } from '@posttrain/logs'
import { atLeastGate, leastBounds } from '../src/at-least.js'
import { requireMetric } from '../src/metric-names.js'
import { logOf } from './in-memory.js'
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
    const never = await evaluate('b.jsonl', '--at-least', 'pass@1=0')
    expect([never.status, never.stderr]).toEqual([
      2,
      expect.stringContaining('--at-least pass@1=0 can never fail: pass@1 is at least 0'),
    ])
    expect(() => leastBounds('pass@1=null')).toThrow('It must be a number.')
    expect(() => leastBounds('pass@1=0.9,pass@1=0.8')).toThrow('pass@1 is given twice.')
  })
})

describe('atLeastGate', () => {
  const gateOn = async (rewards: readonly number[], bounds: Record<string, number>, tasks = 40) => {
    const log = await logOf(
      Array.from({ length: tasks }, (_, t) => ({
        task_id: t,
        rewards,
        answers: rewards.map(String),
        proxies: rewards,
      })),
    )
    const evaluation = evaluateLog(log, { objectives: Object.keys(bounds) })
    return atLeastGate([{ group: { model: 'a' }, log, evaluation }], bounds)
  }

  it('names how many tasks could show what these cannot', async () => {
    const { passed, text, checks } = await gateOn([1, 1], { 'pass@1': 0.99, 'pass@2': 0.9, mean: 1 })
    expect(passed).toBe(false)
    // 40/(40 + t²) with t = 2.0227 of 39 degrees of freedom
    expect(text).toBe(
      'pass@1 of model a is not shown to be at least 0.99: the lower bound at level 0.95 is 0.907209; 40 tasks cannot ' +
        'show it, however good, 383 could; pass@2 of model a is shown to be at least 0.9: the lower bound at level ' +
        '0.95 is 0.907209; mean of model a is not shown to be at least 1: the lower bound at level 0.95 is 0.907209; ' +
        '40 tasks cannot show it, however good, and no number could',
    )
    const low = expect.closeTo(0.907209, 6) as number
    const group = { model: 'a' }
    expect(checks.map(({ text, ...check }) => check)).toEqual([
      {
        name: 'pass@1 of model a is at least 0.99',
        passed: false,
        metric: 'pass@1',
        group,
        atLeast: 0.99,
        low,
        fewestTasks: 383,
      },
      { name: 'pass@2 of model a is at least 0.9', passed: true, metric: 'pass@2', group, atLeast: 0.9, low },
      {
        name: 'mean of model a is at least 1',
        passed: false,
        metric: 'mean',
        group,
        atLeast: 1,
        low,
        fewestTasks: Infinity,
      },
    ])
  })

  it('passes nothing without an interval, of one task or of rewards that are all the same', async () => {
    expect((await gateOn([1, 1], { 'pass@1': 0 }, 1)).text).toBe(
      'pass@1 of model a is not shown to be at least 0: there is no interval: none, since one task shows no spread',
    )
    const { passed, text } = await gateOn([3, 3], { mean: 2 })
    expect([passed, text]).toEqual([false, expect.stringContaining('there is no interval: none, since all values are')])
  })

  it('finds a metric by every name that the option takes', async () => {
    const names = [
      'mean',
      'pass@1',
      'pass^2',
      'G-Pass@2_.5',
      'G-Pass@2_0.5',
      'mG-Pass@2',
      'max@2',
      'maj@2',
      'agreement',
    ]
    const chosen = ['weighted-maj@2', 'weighted-maj@2 by proxy', 'best-of-2', 'best-of-2 by proxy', 'first-passing@2']
    const bounds = Object.fromEntries([...names, ...chosen].map((name) => [name, 0.5]))
    for (const name of Object.keys(bounds)) expect(requireMetric(name)).toBeGreaterThan(0)
    const { checks } = await gateOn([1, 1], bounds)
    expect(checks.map(({ metric, passed }) => [metric, passed])).toEqual(
      Object.keys(bounds).map((name) => [name, true]),
    )
  })
})

describe('--json', () => {
  it('has the verdict of the gate', async () => {
    const { status, stdout } = await evaluate('a.jsonl', '--at-least', 'pass@1=0.99', '--json')
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      tasks: 40,
      gate: { passed: false, checks: [{ metric: 'pass@1', atLeast: 0.99, passed: false, fewestTasks: 383 }] },
    })
    expect(JSON.parse((await evaluate('a.jsonl', '--json')).stdout)).not.toHaveProperty('gate')
  })
})
