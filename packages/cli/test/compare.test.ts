import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { emptyFolder, posttrain } from './posttrain.js'
import { withoutBounds } from './without-bounds.js'

const cwd = emptyFolder()
afterAll(() => rmSync(cwd, { recursive: true }))

/** One verdict per task, 0 or 1. */
function log(name: string, verdicts: string, extra: object = {}): void {
  const rows = [...verdicts].map((verdict, i) =>
    JSON.stringify({ task_id: `t${i}`, passed: verdict === '1', ...extra }),
  )
  writeFileSync(join(cwd, name), rows.join('\n'))
}
log('low.jsonl', '001000010000')
log('high.jsonl', '1110111101111', { system: 'x' })
writeFileSync(join(cwd, 'systems.jsonl'), '{"task_id":"a","reward":1,"system":"x"}\n{"task_id":"b","reward":1}\n')

describe('posttrain compare', () => {
  it('prints both estimates, the paired difference and the tests; the gate lets the better through', async () => {
    const { status, stdout, stderr } = await posttrain(
      ['compare', 'low.jsonl', 'high.jsonl', '--metric', 'pass@1', '--gate'],
      cwd,
    )
    expect(stderr).toBe(
      'note: 1 tasks are only in B and are left out, the first "t12"\ngate: B is not credibly worse than A\n',
    )
    expect(status).toBe(0)
    expect(withoutBounds(stdout)).toMatchInlineSnapshot(`
      "system  pass@1
      ─
      A: low.jsonl  16.7 % […]
      B: high.jsonl  83.3 % […]
      n = 12 tasks × 1 sample; 95 % interval: …; unscored samples: 0, policy count-as-failure

      paired difference  pass@1
      ─
      B − A  +66.7 pp […], p = 0.00781
      n = 12 tasks; 95 % interval: …; p of the two-sided sign-flip permutation test
      McNemar's exact test: p = 0.00781; only A solves 0, only B 8
      "
    `)
  })

  it('ends with status 1 at the gate where B is credibly worse, after its one JSON object', async () => {
    const args = [
      'compare',
      'high.jsonl',
      'low.jsonl',
      '--metric',
      'pass@1',
      '--gate',
      '--json',
      '--where-a',
      'system=x',
    ]
    const { status, stdout, stderr } = await posttrain(args, cwd)
    expect(stderr).toContain('gate: B is credibly worse than A\n')
    expect(status).toBe(1)
    const result = JSON.parse(stdout) as { low: number; high: number }
    // Eight tasks are lost and none is won: 2 · 2⁻⁸.
    expect(result).toMatchObject({
      metric: 'pass@1',
      tasks: 12,
      a: 10 / 12,
      b: 2 / 12,
      level: 0.95,
      pValue: 2 ** -7,
      discordant: 8,
      mcnemar: { onlyA: 8, onlyB: 0, pValue: expect.closeTo(2 ** -7, 15) as number },
      unscored: { a: 0, b: 0 },
      unscoredPolicy: 'count-as-failure',
      worse: true,
    })
    expect((result as unknown as { difference: number }).difference).toBeCloseTo(-8 / 12, 15)
    expect(result.low).toBeLessThan(-8 / 12)
    expect(result.high).toBeLessThan(0)
  })

  it.each([
    [
      'an unknown metric',
      ['low.jsonl', 'high.jsonl', '--metric', 'best'],
      /the objective 'best' is unknown\nhint: use mean, pass@K/,
    ],
    ['no metric', ['low.jsonl', 'high.jsonl'], /required option '--metric <name>' not specified/],
    [
      'k > n',
      ['low.jsonl', 'high.jsonl', '--metric', 'pass@8'],
      /pass@8 needs 8 .*12 of 12 tasks have fewer.*\nhint: lower K .* --drop-short/,
    ],
    [
      'several systems',
      ['high.jsonl', 'systems.jsonl', '--metric', 'pass@1'],
      /systems.jsonl, line 2: the rows differ in system \("x", none\).*\nhint: choose one value with --where-b system=VALUE/,
    ],
    ['no file', ['low.jsonl', 'none.jsonl', '--metric', 'pass@1'], /cannot read none.jsonl/],
  ])('refuses %s with status 2', async (_, args, message) => {
    const { status, stdout, stderr } = await posttrain(['compare', ...args], cwd)
    expect(stderr).toMatch(message)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })
})
