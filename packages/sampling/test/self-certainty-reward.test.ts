import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RewardFunction, Sample, ScoreRequest, Scorer, TokenSequence } from '@posttrain/core'
import { rewardLaws } from '@posttrain/laws'
import { TabularPolicy } from '@posttrain/models'
import { collect, selfCertaintyReward } from '@posttrain/sampling'

const task = { id: 't', prompt: 'x' }
const sample = (index: number, more: Partial<Sample>): Sample => ({
  id: 't',
  taskId: 't',
  index,
  seed: 0,
  text: 'a',
  finish: 'stop',
  usage: { promptTokens: 1, completionTokens: 1 },
  ...more,
})

/** Logits (2, 1, 0, −1) first, and whatever is behind uniform. */
function policy(): TabularPolicy {
  const table = new TabularPolicy({ prompts: ['x'], words: ['a', 'b', 'c', 'd'], length: 2 })
  table.setLogits('x', [], [2, 1, 0, -1])
  return table
}

describe('the self-certainty of a sample', () => {
  it('is the mean over its chosen tokens, by the policy that drew it', async () => {
    const table = policy()
    const [drawn] = await collect(table, [{ task, count: 3, seed: 0 }])
    const outcomes = await selfCertaintyReward(table).score(task, drawn!)
    for (const one of outcomes) expect((one as { reward: number }).reward).toBeCloseTo(0.553895 / 2, 6)
    const only = [Uint8Array.of(1, 0), Uint8Array.of(0, 1)].map((mask, i) => sample(i, { tokens: [3, 0], mask }))
    const masked = (await selfCertaintyReward(table).score(task, only)) as readonly { reward: number }[]
    expect(masked[0]!.reward).toBeCloseTo(0.553895, 6)
    expect(masked[1]!.reward).toBeCloseTo(0, 12)
  })

  it('is unscored without tokens, and asks nobody about such samples', async () => {
    const asked: (readonly [readonly TokenSequence[], ScoreRequest | undefined])[] = []
    const scorer: Pick<Scorer, 'score'> = {
      async score(sequences, request) {
        asked.push([sequences, request])
        return sequences.map(({ tokens }) => ({ selfCertainty: Float64Array.from(tokens, (token) => token) }))
      },
    }
    const reward = selfCertaintyReward(scorer)
    const none = [sample(0, {}), sample(1, { tokens: [2], mask: Uint8Array.of(0) }), sample(2, { tokens: [] })]
    expect(await reward.score(task, none)).toEqual([
      { kind: 'unscored', reason: 'the sample carries no tokens' },
      { kind: 'unscored', reason: 'no token of the sample was chosen' },
      { kind: 'unscored', reason: 'no token of the sample was chosen' },
    ])
    expect(asked).toEqual([])
    const mixed = await reward.score(task, [none[0]!, sample(3, { tokens: [1, 2], prompt: 'y' }), none[1]!])
    expect(mixed[1]).toEqual({ kind: 'scored', reward: 1.5 })
    expect(asked).toEqual([[[{ prompt: 'y', tokens: [1, 2] }], { scores: ['selfCertainty'] }]])
  })

  it.each([
    ['nothing', undefined, 'the scorer gave undefined for 1 samples of task t'],
    ['too few', [], 'the scorer gave scores of 0 for 1 samples of task t'],
    ['another score', [{ logprob: Float64Array.of(-1) }], 'the score selfCertainty is missing'],
    [
      'another length',
      [{ selfCertainty: Float64Array.of(1, 1) }],
      'gave 2 of them as self-certainties of the 1 chosen',
    ],
    ['NaN', [{ selfCertainty: Float64Array.of(NaN) }], 'gave one that is not finite'],
  ])('is an error where the scorer gives %s', async (_, scores, message) => {
    const reward = selfCertaintyReward({ score: async () => scores as never })
    await expect(reward.score(task, [sample(0, { tokens: [1] })])).rejects.toThrow(message)
  })

  it('needs a scorer', () => {
    for (const scorer of [undefined, {}, 4]) {
      expect(() => selfCertaintyReward(scorer as never)).toThrow('selfCertaintyReward needs scorer.score, a function')
    }
  })

  /** The laws give texts: their letters are tokens. */
  const judge = selfCertaintyReward(policy())
  const read = (given: Sample): Sample => ({
    ...given,
    tokens: [...given.text].map((letter) => 'abcd'.indexOf(letter)),
  })
  const ofLetters: RewardFunction = { ...judge, score: (given, samples) => judge.score(given, samples.map(read)) }
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 2 })
  it.each(rewardLaws(ofLetters, { task, text }))('$name', ({ property }) => fc.assert(property, { numRuns: 20 }))
})
