import { describe, expect, it } from 'vitest'
import type { Decision, Outcome, RewardFunction, SamplingOptions } from '@posttrain/core'
import { beamSearch, type BeamSearchOptions } from '@posttrain/sampling'
import { speakingSampler, type SpeakingSampler } from '../support/speaking-sampler.js'

const task = { id: 't', prompt: '?', reference: 'secret' }

/** The length of the text so far. */
const by: RewardFunction = {
  name: 'length',
  async score({ reference }, samples) {
    expect(reference).toBeUndefined()
    return samples.map(({ text }): Outcome => ({ kind: 'scored', reward: text.length }))
  },
}
/** A model that says the rest of a text. */
const saying = (whole: string): SpeakingSampler => speakingSampler((_, text) => whole.slice(text.length))
const search = (
  sampler: SpeakingSampler,
  options: Partial<BeamSearchOptions>,
  sampling?: SamplingOptions,
): Promise<Decision> => beamSearch({ beams: 1, width: 1, depth: 9, by, ...options }).run(sampler, task, { sampling })

describe('a step', () => {
  it('ends at a stop text, behind which the next one goes on', async () => {
    const sampler = saying('one;two;three')
    const decision = await search(sampler, { stop: [';'] })
    expect(decision.answer).toBe('one;two;three')
    expect(sampler.requests.map(({ prefix }) => prefix)).toEqual([
      [{ text: '' }],
      [{ text: 'one;' }],
      [{ text: 'one;two;' }],
    ])
    expect(decision.nodes!.map(({ id, isFinished }) => [id, isFinished])).toEqual([
      ['0', false],
      ['0/0', false],
      ['0/0/0', true],
    ])
  })

  it('ends at its limit, and is continued', async () => {
    const sampler = saying('abcdefgh')
    const decision = await search(sampler, { maxTokensPerStep: 3 })
    expect(decision.answer).toBe('abcdefgh')
    expect(decision.samples.map(({ text }) => text)).toEqual(['abc', 'abcdef', 'abcdefgh'])
  })

  it('ends the completion at the limit of the whole completion, which the tokens of all steps share', async () => {
    const sampler = saying('ab;cd;efgh')
    const decision = await search(sampler, { stop: [';'], maxTokensPerStep: 4 }, { maxTokens: 8 })
    expect(sampler.requests.map(({ maxTokens }) => maxTokens)).toEqual([4, 4, 2])
    expect([decision.answer, decision.sample?.finish]).toEqual(['ab;cd;ef', 'length'])
  })

  it('that reaches that limit with its stop text is the last one', async () => {
    const decision = await search(saying('ab;cd;ef'), { stop: [';'] }, { maxTokens: 6 })
    expect(decision.answer).toBe('ab;cd')
  })

  it("ends the completion at a stop text of the run's own", async () => {
    const decision = await search(saying('ab;cd#ef;'), { stop: [';'] }, { stop: ['#'] })
    expect([decision.answer, decision.sample?.stoppedBy]).toEqual(['ab;cd', '#'])
  })

  it('that is too many leaves the search without an answer, and it says what it had', async () => {
    const decision = await search(saying('ab;cd;ef'), { stop: [';'], depth: 2 })
    expect(decision.answer).toBeUndefined()
    expect(decision.reason).toBe('none of 2 samples finished a completion; 0/0 with 5 is unfinished')
  })

  it('has to end somewhere', () => {
    expect(() => beamSearch({ beams: 1, width: 1, depth: 1, by })).toThrow('nothing ends a step of beamSearch')
    expect(() => beamSearch({ beams: 1, width: 1, depth: 1, by, stop: [''] })).toThrow('a stop text must be')
    expect(() => beamSearch({ beams: 1, width: 1, depth: 1, by, maxTokensPerStep: 0 })).toThrow('maxTokensPerStep must')
  })
})

describe('the score of a step', () => {
  const scoring = (outcome: (text: string) => Outcome): Partial<BeamSearchOptions> => ({
    by: { name: 'own', score: async (_, samples) => samples.map(({ text }) => outcome(text)) },
    stop: [';'],
  })

  it('is that of the process reward, where it gives some', async () => {
    const steps = [
      { end: 1, reward: 0.5 },
      { end: 3, reward: 0.25 },
    ]
    const options = scoring((text) => ({
      kind: 'scored',
      reward: 9,
      steps: steps.filter(({ end }) => end <= text.length),
    }))
    const values = async (aggregate: BeamSearchOptions['aggregate']): Promise<readonly (number | null)[]> =>
      (await search(saying('a;b'), { ...options, aggregate })).nodes!.map(({ value }) => value)
    expect(await values(undefined)).toEqual([0.5, 0.25])
    expect(await values('mean')).toEqual([0.5, 0.375])
    expect(await values('min')).toEqual([0.5, 0.25])
    expect((await values('product'))[1]).toBeCloseTo(0.125, 15)
  })

  it('leaves out what has none, and answers with nothing else', async () => {
    const decision = await search(
      saying('a;b'),
      scoring(() => ({ kind: 'unscored', reason: 'timeout' })),
    )
    expect([decision.answer, decision.samples.length]).toEqual([undefined, 1])
    expect(decision.nodes).toEqual([{ id: '0', parents: [], sample: 0, value: null, isFinished: false }])
  })

  it('has to be a probability for a product, and the error says who gave another', async () => {
    const options = scoring(() => ({ kind: 'scored', reward: 2 }))
    await expect(search(saying('a;b'), { ...options, aggregate: 'product' })).rejects.toMatchObject({
      code: 'invalid-data',
      message: 'the scores of own on task t have no product: 2',
    })
    expect((await search(saying('a;b'), options)).answer).toBe('a;b')
  })
})
