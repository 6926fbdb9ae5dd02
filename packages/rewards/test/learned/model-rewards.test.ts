import type { Sample, Scorer, TokenSequence } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { outcomeModelReward, processModelReward } from '@posttrain/rewards'
import { sampleOf } from '../sample.js'

const task = { id: 't', prompt: '?' }
const logit = (p: number): number => Math.log(p / (1 - p))

/** A model of which a token is a letter, a text ends with a token of its own, and the value is that of the letter. */
function letterModel(valueOf: (token: number, sequence: TokenSequence, place: number) => number): Scorer {
  return {
    provenance: { engine: 'letters', weights: 'none', step: 0 } as unknown as Scorer['provenance'],
    async encode(completions) {
      return completions.map(({ prompt, pieces }) => {
        const texts = pieces.map((piece) => ('text' in piece ? piece.text : ''))
        const tokens = [...[...texts.join('')].map((letter) => letter.charCodeAt(0)), 0]
        let at = 0
        const ends = texts.map((text) => (at += text.length))
        return { prompt, tokens, mask: new Uint8Array(tokens.length).fill(1), ends }
      })
    },
    async score(sequences, request) {
      expect(request).toEqual({ scores: ['value'] })
      return sequences.map((sequence) => ({
        value: Float64Array.from(
          sequence.tokens.filter((_, i) => sequence.mask?.[i] === 1),
          (token, place) => valueOf(token, sequence, place),
        ),
      }))
    },
  }
}
const digits = letterModel((token) => token - 48)

describe('outcomeModelReward', () => {
  const samples: Sample[] = ['17', '', '3'].map(sampleOf)

  it('is the value at the last token, and empty completions are unscored', async () => {
    expect(await outcomeModelReward(digits).score(task, samples)).toEqual([
      { kind: 'scored', reward: 7 },
      { kind: 'unscored', reason: 'the completion is empty' },
      { kind: 'scored', reward: 3 },
    ])
  })

  it('is a probability where the value is a logit', async () => {
    const [, , three] = await outcomeModelReward(digits, { link: 'logistic' }).score(task, samples)
    expect(three).toEqual({ kind: 'scored', reward: 1 / (1 + Math.exp(-3)) })
  })

  it('continues what a sample continues', async () => {
    const prompts: unknown[] = []
    const model = letterModel((_, { prompt }) => prompts.push(prompt))
    await outcomeModelReward(model).score(task, [sampleOf('1'), { ...sampleOf('1'), prompt: 'other' }])
    expect(prompts).toEqual(['?', 'other'])
  })

  it('refuses a model without finite values, and a link that there is not', async () => {
    const score = (model: Scorer): Promise<unknown> => outcomeModelReward(model).score(task, [sampleOf('1')])
    await expect(score(letterModel(() => NaN))).rejects.toThrow(
      'the model of outcome-model gave a value that is not finite to sample 0 of task t',
    )
    await expect(score({ ...digits, score: async () => [{}] })).rejects.toThrow('the score value is missing')
    await expect(score({ ...digits, score: async () => [{ value: Float64Array.of(1, 2) }] })).rejects.toThrow(
      'the model of outcome-model gave 2 values for 1 steps of sample 0 of task t',
    )
    expect(() => outcomeModelReward(digits, { link: 'probit' as never })).toThrow(
      'link must be one of identity, logistic',
    )
  })
})

describe('processModelReward', () => {
  const scores = [0.9, 0.8, 0.95, 0.6]
  const model = letterModel((_token, _sequence, step) => logit(scores[step]!))
  const sample = sampleOf('first, then, so, done')

  it.each([
    ['min', 0.6],
    ['product', 0.4104],
    ['last', 0.6],
    ['mean', 0.8125],
  ] as const)(
    'is the %s of the probabilities of the steps, which stay readable by place',
    async (aggregate, expected) => {
      const [outcome] = await processModelReward(model, { aggregate, separator: ', ' }).score(task, [sample])
      expect(outcome).toEqual({
        kind: 'scored',
        reward: expect.closeTo(expected, 12) as number,
        steps: [7, 13, 17, 21].map((end, i) => ({ end, reward: expect.closeTo(scores[i]!, 12) as number })),
      })
    },
  )

  it('leaves a completion without steps unscored and refuses what it cannot split or aggregate', async () => {
    expect(await processModelReward(model).score(task, [sampleOf(' ')])).toEqual([
      { kind: 'unscored', reason: 'the completion is empty' },
    ])
    expect(() => processModelReward(model, { separator: '' })).toThrow('the separator of steps is empty')
    expect(() => processModelReward(model, { aggregate: 'best' as never })).toThrow('how must be one of min, product')
    const merged: Scorer = {
      ...model,
      encode: async (completions) =>
        completions.map(({ prompt }) => ({ prompt, tokens: [1], mask: Uint8Array.of(1), ends: [1, 1] })),
    }
    await expect(processModelReward(merged, { separator: ';' }).score(task, [sampleOf('a;b')])).rejects.toThrow(
      'the model of process-model has no token for step 1 of sample 0 of task t',
    )
  })
})
