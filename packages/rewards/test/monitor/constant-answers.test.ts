import { describe, expect, it } from 'vitest'
import { constantAnswers } from '../../src/monitor/constant-answers.js'
import { groupOf } from './groups.js'

const LETTERS = ['A', 'B', 'C', 'D']

describe('constantAnswers', () => {
  it('finds an answer that is rewarded under every reference', () => {
    const groups = Array.from({ length: 30 }, (_, t) =>
      groupOf(
        `${t}`,
        [
          { text: '\\boxed{}', reward: 1, answer: 'empty' },
          { text: `so ${t}`, reward: 1, answer: `${t}` },
        ],
        `${t}`,
      ),
    )
    const found = constantAnswers(groups)
    expect(found.map(({ answer, suspect }) => [answer, suspect])).toEqual([['empty', true]])
    expect(found[0]).toMatchObject({
      share: { value: 0.5, tasks: 30, samplesPerTask: { min: 2, max: 2 } },
      rewarded: { value: 1, tasks: 30, name: 'share with reward ≥ 0.5' },
    })
    expect(found[0]!.explained).toBeCloseTo(1 / 30, 12)
  })

  it('suspects no answer of a fair choice among four, however common', () => {
    const groups = Array.from({ length: 80 }, (_, t) => {
      const reference = LETTERS[t % 4]!
      return groupOf(
        `${t}`,
        LETTERS.map((answer) => ({ text: answer, reward: Number(answer === reference), answer })),
        reference,
      )
    })
    const found = constantAnswers(groups)
    expect(found.map(({ answer }) => answer)).toEqual(LETTERS)
    for (const { rewarded, explained, suspect } of found) {
      expect([rewarded.value, explained, suspect]).toEqual([0.25, 0.25, false])
    }
  })

  it('suspects no answer that worked solutions hold, whatever else they say', () => {
    const groups = Array.from({ length: 30 }, (_, t) =>
      groupOf(
        `${t}`,
        [
          { text: '2', reward: 1, answer: '2' },
          { text: 'nothing', reward: 1, answer: '' },
        ],
        `${t} − ${t - 2} = 2`,
      ),
    )
    expect(constantAnswers(groups).map(({ answer, explained, suspect }) => [answer, explained, suspect])).toEqual([
      ['2', 1, false],
      ['', 1 / 30, true],
    ])
  })

  it('suspects nothing without references, of one task, or of a few', () => {
    const give = (count: number, reference?: (t: number) => string) =>
      Array.from({ length: count }, (_, t) => groupOf(`${t}`, [{ text: '0', reward: 1, answer: '0' }], reference?.(t)))
    expect(constantAnswers(give(30))[0]).toMatchObject({ explained: undefined, suspect: false })
    expect(constantAnswers(give(1, String))).toEqual([])
    expect(constantAnswers(give(2, String))[0]).toMatchObject({ explained: 0.5, suspect: false })
  })

  it('goes by the text where a reward reads no answer, and leaves out the unscored', () => {
    const groups = ['a', 'b', 'c'].map((id) =>
      groupOf(
        id,
        [
          { text: ' sys.exit(0)\n', reward: 1 },
          { text: id, reward: 0 },
          { text: 'x', reward: null },
        ],
        id,
      ),
    )
    const [exit, ...others] = constantAnswers(groups)
    expect(exit).toMatchObject({ answer: 'sys.exit(0)', share: { value: 0.5, unscored: 3 }, rewarded: { value: 1 } })
    expect(others).toEqual([])
  })

  it('looks at as many as are asked, and widens for that', () => {
    const groups = Array.from({ length: 6 }, (_, t) =>
      groupOf(`${t}`, [{ text: '0', reward: 1 }, ...(t < 4 ? [{ text: '1', reward: 1 }] : [])], `${t}`),
    )
    expect(constantAnswers(groups, { most: 1 }).map(({ answer }) => answer)).toEqual(['0'])
    expect(constantAnswers(groups, { most: 2 }).map(({ answer }) => answer)).toEqual(['0', '1'])
    expect(() => constantAnswers(groups, { most: 0 })).toThrow('most must be an integer of at least 1, but is 0')
  })
})
