import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { codeVerifier, type CodeVerifier, type CodeVerifierOptions } from '../src/code-verifier.js'
import { cpythonProcesses } from '../src/engine/cpython.js'
import { requireLimits } from '../src/limits.js'
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

const cpython = ((): boolean => {
  try {
    return cpythonProcesses(requireLimits()).start !== undefined
  } catch {
    return false
  }
})()

/** Little time for those that may run out of it, and much for the others: this machine may have other work. */
const pairOf = (options: CodeVerifierOptions): { readonly quick: CodeVerifier; readonly patient: CodeVerifier } => ({
  quick: codeVerifier({ ...options, limits: { seconds: 1 } }),
  patient: codeVerifier({ ...options, limits: { seconds: 60 } }),
})

/** What the rows are judged with. Only processes can be asked to hold those that are dangerous. */
const judges = [
  { name: 'workers', pair: pairOf({}), takes: (row: Row) => !row.danger },
  {
    name: `CPython${cpython ? '' : ' (skipped: no python3 or no namespaces here)'}`,
    pair: cpython ? pairOf({ isolation: 'process-without-network', python: 'cpython' }) : undefined,
    takes: (row: Row) => row.lang === 'python',
  },
]
afterAll(() => {
  for (const { pair } of judges) {
    pair?.quick.close()
    pair?.patient.close()
  }
})

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

for (const { name, pair, takes } of judges) {
  describe.skipIf(!pair)(name, () => {
    it.each(rows.filter(takes))('$id, $lang: $kind', { timeout: 120_000 }, async (row) => {
      const verifier = row.accept.includes('timeout') ? pair!.quick : pair!.patient
      const tests = testsOf(row.mode, row.tests)
      const found = await verifier.verify({ language: row.lang, code: row.code, tests })
      expect([row.expected_verdict, ...row.accept], found.reason).toContain(wordOf(found))
      if (row.then === undefined) return
      const { code, tests: assertions, expected_verdict } = row.then
      const next = await verifier.verify({ language: row.lang, code, tests: { assertions } })
      expect(wordOf(next), next.reason).toBe(expected_verdict)
    })
  })
}
