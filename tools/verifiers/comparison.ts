import { readFileSync } from 'node:fs'
import { compareAnswers } from '@posttrain/math-verifier'
import type { Comparison, Pair, Verdicts } from './document.js'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** Our verdicts, formed now, beside those of the others, as they were recorded. */
export function comparison(): Comparison {
  const pairs = read('packages/math-verifier/test/fixtures/math.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Pair)
  const golden = JSON.parse(read('tools/golden/math-verifiers.json')) as {
    readonly versions: Readonly<Record<string, string>>
    readonly verdicts: Readonly<Record<string, Readonly<Record<string, boolean>>>>
  }
  const verdicts = new Map(
    pairs.map(({ id, gold, answer }): readonly [string, Verdicts] => {
      const { verdict } = compareAnswers(gold, answer)
      return [id, { ...golden.verdicts[id], posttrain: verdict === 'cannot-tell' ? verdict : verdict === 'equal' }]
    }),
  )
  return {
    pairs,
    verdicts,
    verifiers: [
      ['posttrain', 'math-verifier'],
      ['math-verify', 'Math-Verify'],
      ['minerva', 'lm-eval, minerva'],
      ['hendrycks', 'lm-eval, hendrycks'],
      ['prm800k', 'prm800k'],
    ],
    versions: Object.entries(golden.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  }
}
