import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { comparison } from '../verifiers/comparison.js'
import { verifiersDocument } from '../verifiers/document.js'

it('docs/verifiers.md says what the verifiers say', () => {
  expect(readFileSync(new URL('../../docs/verifiers.md', import.meta.url), 'utf8')).toBe(
    verifiersDocument(comparison()),
  )
})

it('puts a bar and a backslash into a cell as they are', () => {
  const pair = { id: 'a', kind: 'k', gold: '|x|', answer: '\\frac12', expected: true } as const
  const page = verifiersDocument({
    pairs: [pair],
    verdicts: new Map([['a', { one: 'cannot-tell' }]]),
    verifiers: [['one', 'One']],
    versions: 'none',
  })
  expect(page).toContain('| k | `\\|x\\|` | `\\frac12` | ✓ | ? |')
  expect(page).toContain('| **all** | 1 | 0 |')
})
