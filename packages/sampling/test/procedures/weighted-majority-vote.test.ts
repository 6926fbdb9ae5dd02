import type { RewardFunction } from '@posttrain/core'
import { bordaWeights } from '@posttrain/estimators'
import { weightedMajorityVote } from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'
import { numeric, scriptedSampler, task } from '../support/scripted-sampler.js'
import vectors from '../vectors/votes-and-budgets.json' with { type: 'json' }

/** Samples are written `answer weight`. */
const answerOf = ({ text }: { readonly text: string }): string | undefined => text.split(' ')[0] || undefined
const by: RewardFunction = {
  ...numeric,
  name: 'weight',
  score: (of, samples, options) =>
    numeric.score(
      of,
      samples.map((sample) => ({ ...sample, text: sample.text.split(' ')[1] ?? '' })),
      options,
    ),
}
type Options = Partial<Parameters<typeof weightedMajorityVote>[0]>
const decide = (texts: readonly string[], options: Options = {}, seed = 0) =>
  weightedMajorityVote({ k: texts.length, by, answerOf, ...options }).run(scriptedSampler({ t: texts }), task('t'), {
    seed,
  })
const winners = async (texts: readonly string[], options: Options = {}) => {
  const answers = Array.from({ length: 20 }, async (_, seed) => (await decide(texts, options, seed)).answer)
  return [...new Set(await Promise.all(answers))].sort()
}

describe('weightedMajorityVote', () => {
  it.each(vectors.weightedVote)('$name: the leaders win', async (vector) => {
    const { answers, weights, leaders } = vector
    expect(await winners(answers.map((answer, i) => `${answer} ${weights[i]}`))).toEqual(leaders)
  })

  it.each(vectors.borda)('Borda, $name', async (vector) => {
    const { answers, confidence, power, leaders } = vector
    const texts = answers.map((answer, i) => `${answer} ${confidence[i]}`)
    expect(await winners(texts, { weigh: bordaWeights(power) })).toEqual(leaders)
  })

  it('says what won, with what weight, and what judging cost', async () => {
    const decision = await decide(['A 1', 'B 2.5', 'A 1', ' 9', '!'])
    expect(decision).toMatchObject({ answer: 'B', stopped: 'complete', sample: { index: 1 } })
    expect(decision.reason).toBe('the answer B weighs 2.5 among 5 samples')
    expect(decision.judging).toEqual({ promptTokens: 0, completionTokens: 0, cost: 0 })
  })

  it('picks one of tied answers as often as another, however many votes each has', async () => {
    const answers = await Promise.all(
      Array.from({ length: 400 }, async (_, seed) => (await decide(['A 1', 'A 1', 'B 2'], {}, seed)).answer),
    )
    // 400 draws at 1/2 have a standard deviation of 10; the seeds are fixed, so this never flickers.
    expect(Math.abs(answers.filter((answer) => answer === 'A').length - 200)).toBeLessThan(30)
  })

  it('abstains where no vote has a weight, and where what wins is no answer', async () => {
    const reason = 'none of 3 samples has a vote that weighs'
    expect(await decide(['A', ' 1', '!'])).toMatchObject({ answer: undefined, sample: undefined, reason })
    const wrong = await decide([' 3', 'A 1'], { unparsed: 'wrong' })
    expect(wrong).toMatchObject({ answer: undefined, sample: undefined })
    expect(await decide([' 3', 'A 1'], { unparsed: 'vote' })).toMatchObject({ answer: undefined, sample: { index: 0 } })
  })

  it('is made with what weighs, or not at all', () => {
    // @ts-expect-error without by
    expect(() => weightedMajorityVote({ k: 2 })).toThrow('weightedMajorityVote needs by')
    expect(() => weightedMajorityVote({ k: 0, by })).toThrow('k must be an integer of at least 1, but is 0')
    expect(weightedMajorityVote({ k: 4, by, weigh: bordaWeights(0.5) }).name).toBe('borda@4^0.5 by weight')
  })
})
