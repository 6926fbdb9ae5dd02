import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { posttrainHere } from './in-process.js'
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
log('few.jsonl', '10')
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

      B is credibly better than A
      credibly: where the interval leaves out 0 and p ≤ 0.05
      B is better than A on 8 tasks, worse on 0, equal on 4: win rate 83.3 % […], ties by half
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
      method: 'tango',
      pValueMethod: 'exact',
      verdict: 'worse',
      worse: true,
    })
    expect((result as unknown as { difference: number }).difference).toBeCloseTo(-8 / 12, 15)
    expect(result.low).toBeLessThan(-8 / 12)
    expect(result.high).toBeLessThan(0)
  })

  it('lets interval and p decide together: four of a hundred tasks lost and none won is no failure', async () => {
    log('all.jsonl', '1'.repeat(100))
    log('four-lost.jsonl', `0000${'1'.repeat(96)}`)
    const args = ['compare', 'all.jsonl', 'four-lost.jsonl', '--metric', 'pass@1', '--gate']
    const { status, stdout, stderr } = await posttrain(args, cwd)
    expect(stdout).toContain('−4.0 pp [−9.8, −0.2], p = 0.125')
    expect(stdout).toContain('the interval alone leaves out 0; 4 tasks that differ are too few for p\n')
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'gate: B is not credibly worse than A\n' })
    const margin = await posttrain([...args, '--margin', '0.05', '--json'], cwd)
    expect(margin.stderr).toBe(
      'gate: B is not shown to be worse than A by less than 0.05: the interval does not lie above −0.05\n',
    )
    expect(JSON.parse(margin.stdout)).toMatchObject({ worse: false, margin: 0.05, nonInferior: false })
    expect(margin.status).toBe(1)
  })

  it('says of every log what evaluate says, and compares three of them, or one with a number', async () => {
    writeFileSync(join(cwd, 'unscored.jsonl'), '{"task_id":"t0","passed":true}\n{"task_id":"t1","passed":null}\n')
    const three = await posttrain(['compare', 'low.jsonl', 'unscored.jsonl', 'low.jsonl', '--metric', 'pass@1'], cwd)
    expect(three.stderr).toContain('note: B: 1 of 2 samples have no score and count as failures')
    expect(three.stdout).toContain("p adjusted for 3 comparisons by Holm's method")
    const one = await posttrain(['compare', 'low.jsonl', '--against', '0.9', '--metric', 'pass@1', '--gate'], cwd)
    expect(one.stderr).toBe('gate: A is credibly worse than 0.9\n')
    expect(one.stdout).toContain('A − 0.9     −73.3 pp')
    expect(one.status).toBe(1)
  })

  it.each([
    [
      'a gate that can never fail',
      ['few.jsonl', 'few.jsonl', '--metric', 'mean', '--gate'],
      /a gate on 2 tasks can never/,
    ],
    ['nothing to compare with', ['low.jsonl', '--metric', 'mean'], /compared with nothing\nhint: .*--against/],
    ['a number and a log', ['low.jsonl', 'low.jsonl', '--metric', 'mean', '--against', '1'], /several logs are given/],
    ['three unpaired logs', ['a', 'b', 'c', '--metric', 'mean', '--unpaired'], /--unpaired compares two logs/],
    ['--where-b of three logs', ['a', 'b', 'c', '--metric', 'mean', '--where-b', 'x=1'], /--where-b is of the second/],
    ['standard input twice', ['-', '-', '--metric', 'mean'], /two logs are standard input/],
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

  it('writes a report with the options that were given, and never over a log', async () => {
    const [low, high, report] = ['low.jsonl', 'high.jsonl', 'report.html'].map((name) => join(cwd, name))
    const args = ['compare', low!, high!, '--metric', 'pass@1', '--margin', '0.02']
    const { status, stderr } = await posttrainHere([...args, '--report', report!])
    const note = 'note: 1 tasks are only in B and are left out, the first "t12"\n'
    expect({ status, stderr }).toEqual({ status: 0, stderr: note })
    const page = readFileSync(report!, 'utf8')
    expect(page).toContain('1 tasks are only in B and are left out, the first &quot;t12&quot;')
    expect(page).toContain('<h1>Comparison by pass@1</h1>')
    expect(page).toContain('<h2>Tasks that differ</h2>')
    expect(page).toMatch(/margin<\/th>\s*<td class="left">0\.02<\/td>/)
    const log = readFileSync(high!)
    const over = await posttrainHere([...args, '--report', high!])
    expect(over.status).toBe(2)
    expect(over.stderr).toMatch(
      /the report .*high\.jsonl is the log .*high\.jsonl itself\nhint: choose another --report\n/,
    )
    expect(readFileSync(high!)).toEqual(log)
    const nowhere = await posttrainHere(['compare', join(cwd, 'no.jsonl'), low!, '--metric', 'mean', '--report', cwd])
    expect(nowhere.stderr).toMatch(/cannot write .*: it is a folder\nhint: choose another --report\n/)
  })
})
