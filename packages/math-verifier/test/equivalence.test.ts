import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { answerKey, compareAnswers } from '../src/compare-answers.js'
import type { Answer } from '../src/kinds/answer.js'
import { readAnswer } from '../src/kinds/read-answer.js'

/** Answers of all kinds, each of which stands in a pair that is equal. */
const answers = [
  ...new Set(
    readFileSync(new URL('fixtures/own-pairs.jsonl', import.meta.url), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { gold: string; answer: string; expected: unknown })
      .filter(({ expected }, at) => expected === true && at % 16 === 0)
      .flatMap(({ gold, answer }) => [gold, answer]),
  ),
]

const verdicts = new Map<string, string>()
const verdict = (a: string, b: string): string => {
  const key = `${a}\u0000${b}`
  const known = verdicts.get(key) ?? compareAnswers(a, b).verdict
  verdicts.set(key, known)
  return known
}

/** The units or the names that an answer states, those of its parts included. */
function labelsOf(answer: Answer, role: 'unit' | 'name'): string[] {
  if (answer.kind === 'labelled')
    return [...(answer.role === role ? [answer.label] : []), ...labelsOf(answer.answer, role)]
  return answer.kind === 'parts' ? answer.parts.flatMap((part) => labelsOf(part, role)) : []
}

/** Whether the middle answer leaves out a unit or a name that the two others state. */
const leavesOut = (middle: string, others: readonly string[]): boolean =>
  (['unit', 'name'] as const).some((role) => {
    const stated = labelsOf(readAnswer(middle), role).length
    return others.every((other) => labelsOf(readAnswer(other), role).length > stated)
  })

it('is transitive among answers, unless the middle one leaves out what the others state', () => {
  expect(answers.length).toBeGreaterThan(100)
  let chains = 0
  for (const b of answers) {
    const equal = answers.filter((other) => other !== b && verdict(b, other) === 'equal')
    for (const a of equal) {
      for (const c of equal) {
        if (leavesOut(b, [a, c])) continue
        chains++
        expect(verdict(a, c), `${a} = ${b} = ${c}`).not.toBe('different')
      }
    }
  }
  expect(chains).toBeGreaterThan(100)
})

it('says the same of answers that share a key', () => {
  const byKey = new Map<string, string[]>()
  for (const answer of answers) {
    const key = answerKey(answer)
    if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), answer])
  }
  const groups = [...byKey.values()].filter((group) => group.length > 1)
  expect(groups.length).toBeGreaterThan(20)
  for (const group of groups)
    for (const other of answers.filter((_, at) => at % 5 === 0))
      expect(new Set(group.map((answer) => verdict(other, answer))).size, `${group.join(' | ')} to ${other}`).toBe(1)
})

it('takes a unit that is left out as agreed, in both directions, and keeps it in the key', () => {
  expect(compareAnswers('12\\text{ cm}', '12').verdict).toBe('equal')
  expect(compareAnswers('12', '12\\text{ kg}').verdict).toBe('equal')
  expect(compareAnswers('12\\text{ cm}', '12\\text{ kg}').verdict).toBe('different')
  expect(['12\\text{ cm}', '12', '12\\text{ kg}'].map((answer) => answerKey(answer))).toEqual(['12 cm', '12', '12 kg'])
})
