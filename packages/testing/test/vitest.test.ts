import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { node, type Ended } from './program.js'

const here = fileURLToPath(new URL('./vitest', import.meta.url))
const command = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const config = ['--config', join(here, 'vitest.config.ts')]

const folder = mkdtempSync(join(tmpdir(), 'posttrain-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Result {
  readonly title: string
  readonly status: string
  readonly failureMessages: readonly string[]
  readonly meta: { readonly posttrain?: readonly { readonly metric: string; readonly value: number }[] }
}

describe('repeatedTest in a vitest of its own', () => {
  let ended: Ended
  let results: ReadonlyMap<string, Result>
  beforeAll(async () => {
    const json = join(folder, 'results.json')
    ended = await node(
      [command, 'run', ...config, '--reporter=verbose', '--reporter=json', `--outputFile=${json}`],
      here,
    )
    const { testResults } = JSON.parse(readFileSync(json, 'utf8')) as { testResults: { assertionResults: Result[] }[] }
    results = new Map(testResults.flatMap((file) => file.assertionResults).map((result) => [result.title, result]))
  }, 60_000)
  const failure = (title: string): string => results.get(title)!.failureMessages.join('\n')

  it('passes and fails by the lower bound', () => {
    expect([...results].map(([title, { status }]) => `${title}: ${status}`)).toEqual([
      'passes: passed',
      'fails: failed',
      'cannot pass: failed',
      'takes its time: passed',
      'hangs: failed',
      'soft: failed',
      'counted assertions: failed',
      'own matchers: failed',
      'skipped: skipped',
      'beside others: passed',
      'for 2: passed',
      'for 3: passed',
      'a boolean: failed',
    ])
    expect(ended.status).toBe(1)
  })

  it('shows its figures where it passes', () => {
    expect(ended.output).toContain('pass@4 is shown to be at least 0.9: 0.999 [0.9419, 0.9999] at level 0.95')
    expect(results.get('passes')!.meta.posttrain).toEqual([
      expect.objectContaining({ metric: 'pass@4', value: expect.closeTo(1 - 1 / 969, 12) as number }),
    ])
  })

  it('shows figures, counts and reasons where it fails, and runs n times whatever retries are configured', () => {
    expect(failure('fails')).toContain('pass@4 is not shown to be at least 0.9: 0.3684 [0.04849, 0.7824]')
    expect(failure('fails')).toContain('2 of 20 runs passed, 17 failed, 1 ended otherwise and are counted as failures')
    expect(failure('fails')).toContain('2 × failed: expected 1 to be 3 // Object.is equality (first: run 1)')
    expect(failure('fails')).not.toContain('vitest retries')
  })

  it('refuses before the first run what n runs cannot show', () => {
    expect(failure('cannot pass')).toContain('4 runs cannot show that pass^4 is at least 0.9')
    expect(failure('cannot pass')).not.toContain('ran all the same')
    expect(ended.output).toContain('choose n of at least 141')
  })

  it('has a time limit for each run, not for the test', () => {
    expect(failure('hangs')).toContain('4 × unscored: did not end within 50 ms (first: run 0)')
  })

  it('counts what the expect of a run notes', () => {
    expect(failure('soft')).toContain('2 × failed: expected 1 to be 3 // Object.is equality; expected 1 to be 3')
    expect(failure('counted assertions')).toContain('19 × failed: expected number of assertions to be 1, but got 0')
    expect(failure('own matchers')).toContain('1 × failed: 1 is not lucky (first: run 1)')
  })

  it('takes no verdict for an assertion', () => {
    expect(failure('a boolean')).toContain('the body returned false in run 0')
  })
})

it('the example of the README passes as it stands there', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const blocks = [...readme.matchAll(/^```ts no-run\n([^]*?)^```$/gm)].map(([, code]) => code!)
  const example = blocks.find((code) => code.includes("'@posttrain/testing/vitest'"))!
  writeFileSync(join(folder, 'readme.sample.ts'), example)
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(folder, 'node_modules'))
  const { status, output } = await node([command, 'run', ...config, '--root', folder, '--reporter=verbose'], folder)
  expect(output).toContain('pass@8 is shown to be at least 0.9')
  expect(output).toContain('1 passed')
  expect(status).toBe(0)
})
