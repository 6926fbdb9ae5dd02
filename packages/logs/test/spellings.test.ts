import { expect, it } from 'vitest'
import { evaluateLog } from '../src/evaluate-log.js'
import { spellingsOf } from '../src/spellings.js'
import type { Canonical } from '../src/fields/canonical.js'
import { logOf } from './in-memory.js'

const rows = [
  { task_id: 'a', rewards: [1, 1, 1, 0, 0], answers: ['1,000', '1000.0', ' 1000', '9', '9'] },
  { task_id: 'b', rewards: [1, 1, 0, 0, 0], answers: ['Yes', 'yes', 'no', 'no', ''] },
  { task_id: 'c', rewards: [1, 0, 0, 0, 0], answers: ['x', 'y', '1000', 'YES', 'z'] },
]
const vote = (canonical?: Canonical): readonly number[] => {
  const log = logOf(rows.slice(0, 2), true, { canonical })
  return rows
    .slice(0, 2)
    .map((_, i) => evaluateLog(log, { objectives: ['maj@5'] }).measured[0]!.estimate.value * (i + 1))
}

it('finds the tasks whose answers differ only in how they are written', () => {
  expect(spellingsOf(logOf(rows))).toEqual({ tasks: 2, answers: ['1,000', '1000.0'] })
  expect(spellingsOf(logOf(rows.slice(2)))).toBeUndefined() // across tasks nothing is split
  expect(spellingsOf(logOf(rows, true, { canonical: 'text' }))).toEqual({ tasks: 1, answers: ['1,000', '1000.0'] })
  expect(spellingsOf(logOf(rows, true, { canonical: 'number' }))).toBeUndefined()
  expect(spellingsOf(logOf(rows, false))).toBeUndefined()
})

it('a canonical form makes them one in a vote', () => {
  expect(vote()[0]).toBe(0) // 9 wins a; no wins b
  expect(vote('text')[0]).toBe(0.25) // b is a tie of yes and no
  expect(vote('number')[0]).toBe(0.75)
})

it('a text that stands for none is no vote, and is counted', () => {
  expect(logOf(rows).totals).toMatchObject({ answered: 14, placeholders: 1 })
  const texts = ['', ' ', '[invalid]', '[Invalid] ', 'N/A', 'None']
  const log = (blanks?: readonly string[]): number =>
    logOf([{ task_id: 'a', rewards: texts.map(() => 0), answers: texts }], true, { blanks }).totals.placeholders
  expect(log()).toBe(4)
  expect(log(['n/a'])).toBe(1)
  expect(log([])).toBe(0)
})
