import { expect, it } from 'vitest'
import type { RunVerdict } from '../src/run-body.js'
import { reportText } from '../src/report-text.js'

const interval = { lower: 0.4439045, upper: 0.97479, level: 0.95, method: 'clopper-pearson' }
const failed = (reason: string): RunVerdict => ({ kind: 'failed', reason })
const textOf = (runs: RunVerdict[]): string[] =>
  reportText(
    [{ metric: 'pass@1', atLeast: 0.5, passed: false, value: 0.8, interval }],
    [{ id: 'a', runs }],
    'exclude',
  ).split('\n')

it('says the figures, the counts, and the reasons with theirs, the most frequent first', () => {
  const runs = [failed('b'), { kind: 'passed' as const }, failed('a'), failed('a')]
  expect(textOf(runs)).toEqual([
    'pass@1 is not shown to be at least 0.5: 0.8 [0.4439, 0.9748] at level 0.95 (clopper-pearson)',
    '1 of 4 runs passed, 3 failed',
    '  2 × failed: a (first: run 2)',
    '  1 × failed: b (first: run 0)',
  ])
})

it('counts the reasons that it does not show', () => {
  const lines = textOf(Array.from({ length: 9 }, (_, i) => failed(`reason ${i}`)))
  expect(lines.slice(-2)).toEqual(['  1 × failed: reason 4 (first: run 4)', '  4 × for 4 other reasons'])
})

it('leaves out what colours a message or steers a terminal, and keeps it on one line', () => {
  expect(textOf([failed('\u001b[31mred\u001b[39m\n\u001b[2Jblue')])[2]).toBe('  1 × failed: red\\nblue (first: run 0)')
  expect(textOf([failed('x'.repeat(1000))])[2]).toMatch(/… x+ \(1000 characters\) \(first: run 0\)$/)
})
