import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { votersByAnswer } from '@posttrain/estimators'

const answers = fc.array(fc.constantFrom('a', 'b', '', 'unparsed', 'undefined', undefined), { maxLength: 12 })

describe('votersByAnswer', () => {
  it('gives classes in the order of first appearance', () => {
    expect(votersByAnswer(['7', '9', '7', '8', '9'])).toEqual([
      { answer: '7', voters: [0, 2] },
      { answer: '9', voters: [1, 4] },
      { answer: '8', voters: [3] },
    ])
  })

  it('lets samples without an answer abstain, vote together, or vote each alone', () => {
    const group = [undefined, '7', undefined]
    const none = { answer: undefined }
    expect(votersByAnswer(group)).toEqual([{ answer: '7', voters: [1] }])
    expect(votersByAnswer(group, 'abstain')).toEqual([{ answer: '7', voters: [1] }])
    expect(votersByAnswer(group, 'vote')).toEqual([
      { ...none, voters: [0, 2] },
      { answer: '7', voters: [1] },
    ])
    expect(votersByAnswer(group, 'wrong')).toEqual([
      { ...none, voters: [0] },
      { answer: '7', voters: [1] },
      { ...none, voters: [2] },
    ])
  })

  it('has every voter once, in ascending order, in a class of its own answer', () => {
    fc.assert(
      fc.property(answers, fc.constantFrom('abstain', 'vote', 'wrong'), (group, unparsed) => {
        const classes = votersByAnswer(group, unparsed)
        const voting = group.flatMap((answer, i) => (answer === undefined && unparsed === 'abstain' ? [] : [i]))
        expect(classes.flatMap(({ voters }) => voters).sort((a, b) => a - b)).toEqual(voting)
        for (const { answer, voters } of classes) {
          expect(voters).toEqual([...voters].sort((a, b) => a - b))
          expect(voters.every((i) => group[i] === answer)).toBe(true)
        }
        const firsts = classes.map(({ voters }) => voters[0]!)
        expect(firsts).toEqual([...firsts].sort((a, b) => a - b))
        const real = classes.flatMap(({ answer }) => (answer === undefined ? [] : [answer]))
        expect(new Set(real).size).toBe(real.length)
      }),
      { seed: 1 },
    )
  })

  it('refuses a rule that does not exist', () => {
    expect(() => votersByAnswer(['7'], 'drop' as never)).toThrow('unparsed must be one of abstain, vote, wrong')
  })
})
