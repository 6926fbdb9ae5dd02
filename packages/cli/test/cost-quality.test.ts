import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { posttrainHere } from './in-process.js'
import { emptyFolder } from './posttrain.js'

const folder = emptyFolder()
afterAll(() => rmSync(folder, { recursive: true }))

const fileOf = (name: string, rows: readonly object[]): string => {
  writeFileSync(join(folder, name), rows.map((row) => JSON.stringify(row) + '\n').join(''))
  return join(folder, name)
}

/** Forty tasks of eight samples: each answers 4, which is right, five times of eight, and three other answers. */
const ANSWERS = ['4', '5', '4', '6', '4', '7', '4', '4']
const ROWS = Array.from({ length: 40 }, (_, task) =>
  ANSWERS.map((answer, sample) => {
    const usage = { out: 1000, in: 500 }
    return { task_id: `${task}`, sample, answer, reward: answer === '4' ? 1 : 0, usage, latency: 2, cost: 0.5 }
  }),
).flat()

interface Found {
  readonly rows: readonly {
    readonly measured: {
      readonly name: string
      readonly estimate: { readonly value: number }
      readonly seconds?: number
    }
    readonly money: number
    readonly isUndominated: boolean
    readonly reaches?: string
  }[]
  readonly recommended: string
  readonly recommendation: string
  readonly payback?: { readonly requests: number }
}

async function found(...args: readonly string[]): Promise<Found> {
  const { status, stdout, stderr } = await posttrainHere(['run', 'cost-quality', ...args, '--json'])
  expect({ status, stderr: stderr.replace(/^note: .*\n/gm, '') }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout) as Found
}

describe('posttrain run cost-quality', () => {
  const log = fileOf('samples.jsonl', ROWS)

  it('prices tokens, waits for the longest of what is drawn at once, and recommends the cheapest', async () => {
    const tokens = ['--completion-tokens', 'usage.out', '--prompt-tokens', 'usage.in', '--prices', '1,2']
    const { rows, recommended, recommendation } = await found(log, ...tokens, '--seconds', 'latency')
    const of = (name: string) => rows.find(({ measured }) => measured.name === name)!
    // 500 tokens at 1 and 1000 at 2 for a million: 0.0025 a sample.
    expect(of('single sample').money).toBeCloseTo(0.0025, 12)
    expect(of('maj@8').money).toBeCloseTo(0.02, 12)
    expect([of('single sample').measured.estimate.value, of('maj@8').measured.estimate.value]).toEqual([0.625, 1])
    expect([of('single sample').measured.seconds, of('maj@8').measured.seconds]).toEqual([2, 2])
    // One after another, each of two seconds.
    expect(of('adaptive@8 (beta 0.95)').measured.seconds).toBeGreaterThan(8)
    expect(rows.map(({ measured }) => measured.name)).toContain(recommended)
    expect(recommendation).toMatch(/^Deploy .* in place of single sample: /)
  })

  it('takes money as it is, a target, procedures by name, and what training costs', async () => {
    const { rows, recommended, payback } = await found(
      ...[log, '--money', 'cost', '--target', '0.7', '--training-cost', '700'],
      ...['--procedure', 'single', '--procedure', 'majority:8', '--procedure', 'first-passing:4'],
    )
    expect(rows.map(({ measured, reaches }) => [measured.name, reaches])).toEqual([
      ['single sample', 'not'],
      ['first-passing@4 by verifier', 'with-certainty'],
      ['maj@8', 'with-certainty'],
    ])
    expect(recommended).toBe('first-passing@4 by verifier')
    // Expected attempts: 1 + 3/8 + 3/8·2/7 + 3/8·2/7·1/6 = 1.5, so that one sample saves a quarter.
    expect(rows[1]!.money).toBeCloseTo(0.75, 12)
    expect(payback!.requests).toBe(2800)
  })

  it('prints a table and a paragraph, and writes a page with both and the picture', async () => {
    const page = join(folder, 'page.html')
    const { status, stdout } = await posttrainHere(['run', 'cost-quality', log, '--money', 'cost', '--report', page])
    expect(status).toBe(0)
    expect(stdout).toMatch(/single sample.*62\.5 % \[.*\] +0\.500 +1\.0/)
    expect(stdout).toContain('Deploy ')
    const html = readFileSync(page, 'utf8')
    expect(html).toContain('What to do')
    expect(html).toContain('<svg')
    expect(html).toContain('Every procedure')
  })

  it('refuses a log that does not say what samples cost, naming what to give', async () => {
    const refused = async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await posttrainHere(['run', 'cost-quality', ...args])
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      return stderr
    }
    expect(await refused(log)).toContain('nothing says what a sample cost')
    expect(await refused(log, '--prices', '1,2')).toContain('nothing says what a sample cost')
    expect(await refused(log, '--money', 'price')).toContain('price')
    expect(await refused(log, '--money', 'cost', '--prices', '1,2')).toContain('both --money and --prices')
    const { cost: _, ...without } = ROWS[1]!
    const holes = fileOf('holes.jsonl', [ROWS[0]!, without, ...ROWS.slice(2)])
    expect(await refused(holes, '--money', 'cost')).toContain('sample 1 of task "0" has no cost')
    expect(await refused(log, '--money', 'cost', '--procedure', 'majority:9')).toContain('maj@9')
  })

  const data = resolve(fileURLToPath(new URL('../../..', import.meta.url)), '../shared/data/tot_game24')
  const isMissing = !existsSync(data)
  it.skipIf(isMissing)(
    `gives the published figures of 10,000 samples of GPT-4${isMissing ? ' (skipped: ../shared/data/tot_game24 is not here)' : ''}`,
    async () => {
      const file = join(data, 'gpt-4_0.7_naive_standard_sample_100.json')
      const puzzles = JSON.parse(readFileSync(file, 'utf8')) as { ys: string[]; accs: boolean[]; idx: number }[]
      const rows = puzzles.flatMap(({ ys, accs, idx }) =>
        ys.map((text, sample) => ({
          task_id: `${idx}`,
          sample,
          reward: Number(accs[sample]),
          characters: text.length,
        })),
      )
      const args = ['--completion-tokens', 'characters', '--prices', '0,1000000', '--verifier']
      const { rows: found24 } = await found(fileOf('game24.jsonl', rows), ...args)
      const value = (name: string) => found24.find(({ measured }) => measured.name === name)!.measured.estimate.value
      expect(value('single sample')).toBeCloseTo(0.0734, 12)
      expect(value('first-passing@2 by verifier')).toBeCloseTo(0.10574545454545455, 12)
      expect(found24[0]!.money).toBeCloseTo(rows.reduce((sum, row) => sum + row.characters, 0) / rows.length, 9)
    },
    60_000,
  )
})
