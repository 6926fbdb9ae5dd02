import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { posttrainHere } from './in-process.js'
import { emptyFolder } from './posttrain.js'

const folder = emptyFolder()
afterAll(() => rmSync(folder, { recursive: true }))

/** Six tasks in three runs: task t is right in the first t of its runs, and each run costs a cent more. */
const ROWS = Array.from({ length: 6 }, (_, t) =>
  [0, 1, 2].map((seed) => {
    const right = seed < t % 4
    return {
      task_id: `t${t}`,
      seed,
      correct: right,
      answer: right ? 'A' : `B${seed}`,
      proxy: seed,
      usd: 0.01 * (seed + 1),
    }
  }),
).flat()
const log = join(folder, 'log.jsonl')
writeFileSync(log, ROWS.map((row) => JSON.stringify(row) + '\n').join(''))

async function figures(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { status, stdout, stderr } = await posttrainHere([...args, '--json'])
  expect([status, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as Record<string, unknown>
}
const near = (value: number): number => expect.closeTo(value, 12) as number

describe('posttrain evaluate', () => {
  it('--metric takes any metric by its name', async () => {
    const metric = 'mean,G-Pass@3_0.5,mG-Pass@3,agreement,weighted-maj@3,max@2'
    const { metrics } = await figures('evaluate', log, '--metric', metric)
    // Right are 0, 1, 2, 3, 0 and 1 of 3; the last answer weighs 2, the others 0 and 1.
    expect(metrics).toMatchObject([
      { name: 'mean', estimate: near(7 / 18) },
      { name: 'G-Pass@3_0.5', estimate: near(2 / 6) },
      { name: 'mG-Pass@3', estimate: near((2 / 3) * (1 / 6)) },
      { name: 'agreement', estimate: near((1 / 3 + 1) / 6) },
      { name: 'weighted-maj@3', estimate: near(1 / 6) },
      { name: 'max@2', estimate: near((0 + 2 / 3 + 1 + 1 + 0 + 2 / 3) / 6) },
    ])
  })

  it('says what first-passing looks at, where the log has proxies', async () => {
    const { stderr } = await posttrainHere(['evaluate', log, '--metric', 'first-passing@2'])
    expect(stderr).toBe('note: first-passing@K answers with the first sample whose proxy is at least 1\n')
    const said = await posttrainHere(['evaluate', log, '--metric', 'first-passing@2≥0.5'])
    expect([said.status, said.stderr]).toEqual([0, ''])
  })

  it('refuses a wrong name before anything is read', async () => {
    const { status, stderr } = await posttrainHere(['evaluate', 'no-such-file', '--metric', 'mean,pass'])
    expect(status).toBe(2)
    expect(stderr).toContain("the objective 'pass' is unknown")
  })

  it('--detect, --cost and --runs say more of the same log', async () => {
    const args = ['--metric', 'mean', '--detect', '0.3', '--cost', 'usd', '--runs', 'seed']
    const { metrics, costs, runs } = await figures('evaluate', log, ...args)
    expect(metrics).toMatchObject([
      { name: 'mean', needed: { difference: 0.3, power: 0.8, level: 0.95, samplesPerTask: null } },
    ])
    expect(costs).toMatchObject([{ field: 'usd', perSample: near(0.02), total: near(0.36), samples: 18, tasks: 6 }])
    expect(runs).toEqual([
      {
        name: 'mean',
        mean: near(7 / 18),
        deviation: near(Math.sqrt((4 / 6 - 7 / 18) ** 2 + (2 / 6 - 7 / 18) ** 2 + (1 / 6 - 7 / 18) ** 2) / Math.SQRT2),
        values: [
          { run: '0', value: near(4 / 6) },
          { run: '1', value: near(2 / 6) },
          { run: '2', value: near(1 / 6) },
        ],
      },
    ])
    const { stdout } = await posttrainHere(['evaluate', log, ...args, '--vote', '2,3'])
    expect(stdout).toContain('\na run has too few samples of a task for maj@2, maj@3\n')
    expect(stdout).toContain('\nto find a difference of 0.3 in mean with power 0.8 at level 0.95: ')
    expect(stdout).toContain(
      '; on 6 tasks no number of samples suffices\nthe other system is taken to spread as this one',
    )
    expect(stdout).toContain(
      '\nmean over 3 runs (seed): mean 38.9 %, standard deviation 25.5 pp, from 16.7 % (2) to 66.7 % (0)\n',
    )
    expect(stdout).toMatch(/\nall {2}0\.02000 no interval +0\.3600 +18 {2}38\.9 % /)
  })
})

describe('posttrain compare', () => {
  it('--detect plans the next comparison of two logs, and of nothing else', async () => {
    const other = join(folder, 'other.jsonl')
    writeFileSync(other, ROWS.map((row) => JSON.stringify({ ...row, correct: row.seed === 0 }) + '\n').join(''))
    const { needed, wins } = await figures('compare', log, other, '--metric', 'pass@1', '--detect', '0.25')
    expect(needed).toMatchObject({ difference: 0.25, tasks: 22 })
    expect(wins).toMatchObject({ better: 2, worse: 2, ties: 2, rate: 0.5 })
    const alone = await posttrainHere(['compare', log, '--against', '0.5', '--metric', 'pass@1', '--detect', '0.1'])
    expect([alone.status, alone.stderr]).toEqual([
      2,
      'error: --detect plans a comparison of two logs on the same tasks\nhint: name two, or use evaluate --detect\n',
    ])
  })
})
