import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { answerKey, compareAnswers } from '../src/compare-answers.js'

interface Pair {
  readonly kind: string
  readonly gold: string
  readonly answer: string
  /** `either` where it depends on an option or a rule that the README states. */
  readonly expected: boolean | 'either'
}

const read = (name: string): Pair[] =>
  readFileSync(new URL(`fixtures/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Pair)

const verdictOf = ({ gold, answer }: Pair): string => compareAnswers(gold, answer).verdict

/** The pairs whose definite answer is not found, as texts. */
const undecided = (pairs: readonly Pair[]): string[] =>
  pairs
    .filter((pair) => pair.expected !== 'either' && verdictOf(pair) === 'cannot-tell')
    .map(({ gold, answer }) => `${gold} | ${answer}`)

describe.each([
  ['math', 255, 1],
  ['own-pairs', 1_748, 20],
])('the pairs of %s', (name, count, most) => {
  const pairs = read(name)
  const definite = pairs.filter(({ expected }) => expected !== 'either')

  it('are all there', () => {
    expect(pairs).toHaveLength(count)
  })

  it.each([...new Set(pairs.map(({ kind }) => kind))])('are right where they are decided: %s', (kind) => {
    for (const pair of definite.filter((one) => one.kind === kind))
      expect(
        [pair.expected === true ? 'equal' : 'different', 'cannot-tell'],
        `${pair.gold} | ${pair.answer}`,
      ).toContain(verdictOf(pair))
  })

  it('are decided but for a few', () => {
    expect(undecided(pairs).length, undecided(pairs).join('\n')).toBeLessThanOrEqual(most)
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

it('joins no pair that depends on the question unless a rule of the README says so', () => {
  const joined = [...read('math'), ...read('own-pairs')]
    .filter((pair) => pair.expected === 'either' && verdictOf(pair) === 'equal')
    .map(({ gold, answer }) => `${gold} | ${answer}`)
  expect(joined).toEqual([
    // TeX spaces between digits are no characters.
    '10000 | 10\\!,\\!000',
    // A single letter after a number is a factor.
    '3 m | 3m',
    // Digits of every script are digits.
    '5 | ٥',
    // Equal terms cancel, however large.
    '5 | 10^{10^{10}} - 10^{10^{10}} + 5',
  ])
})
