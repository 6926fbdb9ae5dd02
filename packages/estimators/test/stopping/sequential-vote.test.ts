import { majorityAtKFromDistribution, sequentialVote, sequentialVoteFromDistribution } from '@posttrain/estimators'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('sequentialVote', () => {
  it.each([
    ['ABACA', 'A', 5],
    ['AAAB', 'A', 3],
    ['ABCDEFGH', undefined, 8],
    ['ABCDEFGHAA', undefined, 8],
    ['AB', undefined, 2],
  ])('%s ends with %s after %i trials', (answers, answer, trials) => {
    expect(sequentialVote([...answers])).toEqual({ answer, trials })
  })

  it('counts a trial without an answer, and gives it no vote', () => {
    expect(sequentialVote(['A', undefined, undefined, undefined, 'A'], { needed: 2 })).toEqual({
      answer: 'A',
      trials: 5,
    })
  })

  it('refuses a rule that cannot end in a consensus', () => {
    expect(() => sequentialVote([], { needed: 9 })).toThrow('atMost')
    expect(() => sequentialVoteFromDistribution([0.7, 0.7])).toThrow('probabilities add up to 1.4')
  })
})

describe('sequentialVoteFromDistribution', () => {
  it('gives the compendium’s figures, section 3.2', () => {
    const two = sequentialVoteFromDistribution([0.6, 0.4])
    expect(two.consensus[0]).toBeCloseTo(0.68256, 12)
    expect(two.consensus[1]).toBeCloseTo(0.31744, 12)
    expect(two.trials).toBeCloseTo(4.0656, 12)
    const four = sequentialVoteFromDistribution([0.4, 0.2, 0.2, 0.2])
    expect(four.consensus[0]).toBeCloseTo(0.561971, 6)
    for (const p of four.consensus.slice(1)) expect(p).toBeCloseTo(0.137408, 6)
    expect(four.none).toBeCloseTo(0.025805, 6)
    expect(four.trials).toBeCloseTo(5.5551, 4)
  })

  it('of two answers to 3 is a majority of 5', () => {
    const rewards = [1, 0]
    const answers = [0.6, 0.4].map((probability, i) => ({ probability, reward: rewards[i]! }))
    expect(sequentialVoteFromDistribution([0.6, 0.4]).consensus[0]).toBeCloseTo(
      majorityAtKFromDistribution(answers, 5),
      12,
    )
  })

  it('is the mean over every sequence of trials', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(
        weights,
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(2),
        (w, silent, needed, more) => {
          const total = w.reduce((a, b) => a + b, silent)
          fc.pre(total > 0)
          const atMost = needed + more
          const outcomes = [...w.map((x, i) => ({ p: x / total, answer: String(i) })), { p: silent / total, answer: undefined }] // prettier-ignore
          const expected = { consensus: w.map(() => 0), none: 0, trials: 0 }
          for (let code = 0; code < outcomes.length ** atMost; code++) {
            const drawn = Array.from(
              { length: atMost },
              (_, t) => outcomes[Math.floor(code / outcomes.length ** t) % outcomes.length]!,
            )
            const probability = drawn.reduce((product, { p }) => product * p, 1)
            const { answer, trials } = sequentialVote(drawn.map((d) => d.answer), { needed, atMost }) // prettier-ignore
            expected.trials += probability * trials
            if (answer === undefined) expected.none += probability
            else expected.consensus[Number(answer)]! += probability
          }
          const exact = sequentialVoteFromDistribution(w.map((x) => x / total), { needed, atMost }) // prettier-ignore
          expect(exact.none).toBeCloseTo(expected.none, 10)
          expect(exact.trials).toBeCloseTo(expected.trials, 10)
          exact.consensus.forEach((p, a) => expect(p).toBeCloseTo(expected.consensus[a]!, 10))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('refuses more trials than have a factorial', () => {
    const { consensus, none } = sequentialVoteFromDistribution([0.6, 0.4], { needed: 80, atMost: 170 })
    expect(consensus[0]! + consensus[1]! + none).toBeCloseTo(1, 10)
    expect(() => sequentialVoteFromDistribution([0.6, 0.4], { needed: 80, atMost: 171 })).toThrow(
      'atMost must be an integer from 80 to 170, but is 171',
    )
  })
})
