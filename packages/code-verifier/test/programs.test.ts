import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { codeVerifier } from '../src/code-verifier.js'
import type { Language, ProgramTests, StreamTests } from '../src/program.js'
import type { ProgramVerdict } from '../src/program-verdict.js'

/** Programs that do not solve their task and try to pass, and honest ones that look odd. */
interface Row {
  readonly id: string
  readonly lang: Language
  readonly mode: 'assert' | 'stdio'
  readonly code: string
  readonly tests: string | StreamTests['streams']
  readonly expected_verdict: string
  readonly accept: readonly string[]
  readonly kind: string
  readonly then?: { readonly code: string; readonly tests: string; readonly expected_verdict: string }
  /** Only where a process limit holds. */
  readonly danger: boolean
}

const rows = readFileSync(new URL('fixtures/programs.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row)
  .filter(({ danger }) => !danger)

const verifier = codeVerifier({ limits: { seconds: 2 } })
afterAll(() => verifier.close())

const testsOf = (mode: Row['mode'], tests: Row['tests']): ProgramTests => {
  if (mode === 'assert') return { assertions: tests as string }
  return { streams: typeof tests === 'string' ? (JSON.parse(tests) as StreamTests['streams']) : tests }
}

/** The verdict in the words of the rows. */
function wordOf(found: ProgramVerdict): string {
  if (found.verdict !== 'failed') return found.verdict === 'passed' ? 'pass' : 'unscored'
  return ['timeout', 'memory', 'output'].includes(found.cause) ? found.cause : 'fail'
}

it.each(['python', 'javascript'])('has rows of %s of many kinds', (language) => {
  expect(new Set(rows.filter(({ lang }) => lang === language).map(({ kind }) => kind)).size).toBeGreaterThan(10)
})

describe.each(rows)('$id, $lang: $kind', (row) => {
  it('gets an accepted verdict, and so does who comes after it', { timeout: 120_000 }, async () => {
    const tests = testsOf(row.mode, row.tests)
    const found = await verifier.verify({ language: row.lang, code: row.code, tests })
    expect([row.expected_verdict, ...row.accept], found.reason).toContain(wordOf(found))
    if (row.then === undefined) return
    const next = await verifier.verify({
      language: row.lang,
      code: row.then.code,
      tests: { assertions: row.then.tests },
    })
    expect(wordOf(next), next.reason).toBe(row.then.expected_verdict)
  })
})
