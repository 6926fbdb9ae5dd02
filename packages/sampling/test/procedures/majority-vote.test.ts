import { describe, expect, it } from 'vitest'
import { majorityVote } from '@posttrain/sampling'
import { scriptedSampler, task } from '../support/scripted-sampler.js'

const decide = (texts: readonly string[], rules: Partial<Parameters<typeof majorityVote>[0]> = {}, seed = 0) =>
  majorityVote({ k: texts.length, ...rules }).run(scriptedSampler({ t: texts }), task('t'), { seed })

describe('majorityVote', () => {
  it('answers with the plurality', async () => {
    const decision = await decide(['A', 'B', ' B', 'C'])
    expect(decision.answer).toBe('B')
    expect(decision.sample?.index).toBe(1)
    expect(decision.reason).toBe('2 of 4 samples answered B')
    expect(decision.usage).toEqual({ promptTokens: 12, completionTokens: 5 })
    expect(decision.samples.map(({ text }) => text)).toEqual(['A', 'B', ' B', 'C'])
  })

  it('votes over what answerOf says, of a task without its reference', async () => {
    const parity = majorityVote({
      k: 3,
      answerOf: ({ text }, of) => {
        expect(of).not.toHaveProperty('reference')
        return text === 'B' ? undefined : 'not B'
      },
    })
    const decision = await parity.run(scriptedSampler({ t: ['A', 'C', 'B'] }), task('t'))
    expect(decision).toMatchObject({ answer: 'not B', reason: '2 of 3 samples answered not B' })
  })

  it('breaks ties as declared', async () => {
    const texts = ['B', 'A', 'A', 'B', 'C']
    expect((await decide(texts, { ties: 'first' })).reason).toBe(
      '2 of 5 samples answered B, seen first of 2 tied answers',
    )
    const strict = await decide(texts, { ties: 'strict' })
    expect(strict).toMatchObject({ answer: undefined, sample: undefined })
    expect(strict.reason).toBe('2 answers tie with 2 of 5 samples each')
  })

  it('picks a random one of tied answers under share, by the seed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 400 }, async (_, seed) => {
        const { answer } = await decide(['A', 'B', 'C'], {}, seed)
        expect((await decide(['A', 'B', 'C'], {}, seed)).answer).toBe(answer)
        return answer
      }),
    )
    // 400 draws at 1/3 have a standard deviation of 9.4; the seeds are fixed, so this never flickers.
    for (const answer of 'ABC') expect(Math.abs(answers.filter((a) => a === answer).length - 400 / 3)).toBeLessThan(30)
  })

  it.each([
    ['abstain', 'A', '1 of 4 samples answered A'],
    ['vote', undefined, '3 of 4 samples gave no answer'],
  ] as const)('lets samples without an answer, failed ones too, %s', async (unparsed, answer, reason) => {
    expect(await decide(['', 'A', ' ', '!'], { unparsed })).toMatchObject({ answer, reason })
  })

  it('lets unparsed samples be wrong alone: they tie, do not add up, and win nothing', async () => {
    expect((await decide(['', '', 'A', 'A'], { unparsed: 'wrong' })).reason).toBe('2 of 4 samples answered A')
    const lost = await decide(['', 'A'], { unparsed: 'wrong', ties: 'first' })
    expect(lost).toMatchObject({ answer: undefined, sample: undefined })
    expect((await decide(['', ''])).reason).toBe('none of 2 samples has an answer')
  })

  it('has maj@k with the same rules as its objective', () => {
    const outcomes = ['A', 'B'].map((answer) => ({ kind: 'scored' as const, reward: answer === 'A' ? 1 : 0, answer }))
    expect(majorityVote({ k: 2, ties: 'share' }).objective.estimate(outcomes)).toBe(0.5)
    expect(majorityVote({ k: 2, ties: 'strict' }).objective.estimate(outcomes)).toBe(0)
    expect(majorityVote({ k: 2, ties: 'first' }).objective.estimate(outcomes)).toBe(1)
    expect(() => majorityVote({ k: 0 })).toThrow('k must be an integer of at least 1, but is 0')
  })
})
