import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { answerKey, compareAnswers } from '../src/compare-answers.js'

interface Pair {
  readonly id: string
  readonly kind: string
  readonly gold: string
  readonly answer: string
  readonly expected: boolean | 'either'
}

const pairs = readFileSync(new URL('fixtures/math.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Pair)

/** Sums and integrals beyond what is computed. */
const undecided = new Set(['m488', 'm490'])

describe('255 pairs of answers', () => {
  it.each(pairs.filter(({ expected }) => expected !== 'either'))('$id $kind', ({ id, gold, answer, expected }) => {
    const { verdict } = compareAnswers(gold, answer)
    expect(verdict).toBe(undecided.has(id) ? 'cannot-tell' : expected === true ? 'equal' : 'different')
  })

  it('are equal in both directions, and to themselves', () => {
    for (const { gold, answer } of pairs) {
      expect(compareAnswers(answer, gold).verdict, `${gold} | ${answer}`).toBe(compareAnswers(gold, answer).verdict)
      expect(compareAnswers(answer, answer).verdict).toBe('equal')
    }
  })

  it('that share a key are equal', () => {
    const all = [...new Set(pairs.flatMap(({ gold, answer }) => [gold, answer]))].filter((text) => text.length < 200)
    const first = new Map<string, string>()
    let shared = 0
    for (const text of all) {
      const key = answerKey(text)
      if (key === undefined) continue
      const other = first.get(key)
      if (other === undefined) first.set(key, text)
      else {
        shared++
        expect(compareAnswers(other, text).verdict, `${other} | ${text}`).toBe('equal')
      }
    }
    expect(shared).toBeGreaterThan(100)
  })
})
