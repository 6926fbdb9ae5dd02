import { NO_USAGE, type Outcome, type RewardFunction } from '@posttrain/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerMatches, combine } from '@posttrain/rewards'
import { sampleOf } from './sample.js'

const task = { id: 't', prompt: '?', reference: 'a' }

/** A reward that gives the same outcome to every sample. */
const constant = (name: string, outcome: Outcome, rest: Partial<RewardFunction> = {}): RewardFunction => ({
  name,
  ...rest,
  score: async (_, samples) => samples.map(() => outcome),
})
const scored = (reward: number): Outcome => ({ kind: 'scored', reward })

describe('combine', () => {
  it('is the weighted sum, with every term readable as a part', async () => {
    const values = fc.double({ min: -10, max: 10, noNaN: true })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(values, values), { minLength: 1, maxLength: 5 }), async (pairs) => {
        const terms = pairs.map(([value, weight], i) => ({ reward: constant(`r${i}`, scored(value)), weight }))
        const [outcome] = await combine('sum', terms).score(task, [sampleOf('a')])
        const expected = pairs.reduce((total, [value, weight]) => total + value * weight, 0)
        expect((outcome as { reward: number }).reward).toBeCloseTo(expected, 10)
        expect(outcome!.parts).toEqual(Object.fromEntries(pairs.map(([value], i) => [`r${i}`, value])))
      }),
    )
  })

  it('leaves a sample unscored that any term left unscored, names the term and keeps the answer', async () => {
    const judge = constant('judge', { kind: 'unscored', reason: 'timed out' })
    const reward = combine('both', [
      { reward: answerMatches(), weight: 1 },
      { reward: judge, weight: 1 },
    ])
    expect(await reward.score(task, [sampleOf('a')])).toEqual([
      { kind: 'unscored', reason: 'judge: timed out', answer: 'a', parts: { 'answer-matches': 1, judge: null } },
    ])
  })

  it('keeps the parts of its terms, weights their steps and adds up their usage', async () => {
    const usage = { promptTokens: 3, completionTokens: 1, cost: 2 }
    const inner = combine('inner', [{ reward: constant('a', scored(2)), weight: 1 }])
    const process = constant('process', {
      ...scored(1),
      steps: [
        { end: 1, reward: 1 },
        { end: 4, reward: 0 },
      ],
      usage,
    })
    const other = constant('other', { ...scored(0), steps: [{ end: 2, reward: 4 }], usage: { ...NO_USAGE, cost: 1 } })
    const reward = combine(
      'outer',
      [inner, process, other].map((term) => ({ reward: term, weight: 0.5 })),
    )
    expect(reward.gives).toEqual(['inner', 'a', 'process', 'other'])
    expect(await reward.score(task, [sampleOf('abcd')])).toEqual([
      {
        kind: 'scored',
        reward: 1.5,
        parts: { inner: 2, a: 2, process: 1, other: 0 },
        steps: [
          { end: 1, reward: 0.5 },
          { end: 2, reward: 2 },
          { end: 4, reward: 0 },
        ],
        usage: { promptTokens: 3, completionTokens: 1, cost: 3 },
      },
    ])
  })

  it('compares samples if a term does', () => {
    const novelty = constant('novelty', scored(1), { comparesSamples: true })
    expect(combine('x', [{ reward: novelty, weight: 1 }]).comparesSamples).toBe(true)
    expect(combine('x', [{ reward: constant('plain', scored(1)), weight: 1 }]).comparesSamples).toBeUndefined()
  })

  it('names a term that gives the wrong number of outcomes', async () => {
    const short: RewardFunction = { name: 'short', score: async () => [] }
    const reward = combine('sum', [{ reward: short, weight: 1 }])
    await expect(reward.score(task, [sampleOf('a')])).rejects.toThrow(
      'the reward short gave 0 outcomes for 1 samples of task t',
    )
  })

  it('refuses no term, a name twice and a weight that is not finite', () => {
    const term = { reward: constant('a', scored(1)), weight: 1 }
    expect(() => combine('sum', [])).toThrow('sum must have at least one term')
    expect(() => combine('sum', [term, term])).toThrow('sum has two parts called a')
    expect(() => combine('sum', [{ ...term, weight: NaN }])).toThrow('the weight of a in sum must be a finite number')
  })

  it('multiplies powers in a product', async () => {
    const terms = [
      { reward: constant('a', scored(4)), weight: 0.5 },
      { reward: constant('b', scored(3)), weight: 2 },
    ]
    expect(await combine('both', terms, { rule: 'product' }).score(task, [sampleOf('x')])).toEqual([
      { kind: 'scored', reward: 18, parts: { a: 4, b: 3 } },
    ])
    const negative = combine('both', [...terms, { reward: constant('c', scored(-1)), weight: 1 }], { rule: 'product' })
    await expect(negative.score(task, [sampleOf('x')])).rejects.toThrow(
      'c gave -1, and the product both is of rewards of at least 0',
    )
    expect(() => combine('both', [{ ...terms[0]!, weight: -1 }], { rule: 'product' })).toThrow(
      'the weight of a in both must be a finite number above 0, but is -1',
    )
    expect(() => combine('both', terms, { rule: 'mean' as never })).toThrow(
      'rule must be one of sum, minimum, mean-variance, product, lexicographic, but is "mean"',
    )
  })

  it.each([
    ['minimum', undefined, [0.8, 0.1]],
    ['mean-variance', 0.5, [0.986_666_666_666_667, 0.796_666_666_666_667]],
    ['mean-variance', 0, [1, 1]],
  ] as const)('is the %s of an ensemble, λ = %s', async (rule, penalty, expected) => {
    const members = [
      [1, 1.5],
      [0.8, 0.1],
      [1.2, 1.4],
    ].map((values, i) => ({
      reward: { name: `m${i}`, score: async () => values.map(scored) },
      weight: 1,
    }))
    const outcomes = await combine('ensemble', members, { rule, penalty }).score(task, [
      sampleOf('a'),
      sampleOf('b', 1),
    ])
    outcomes.forEach((outcome, i) =>
      expect(outcome).toEqual({
        kind: 'scored',
        reward: expect.closeTo(expected[i]!, 14) as number,
        parts: Object.fromEntries(
          [0, 1, 2].map((m) => [
            `m${m}`,
            [
              [1, 1.5],
              [0.8, 0.1],
              [1.2, 1.4],
            ][m]![i],
          ]),
        ),
      }),
    )
    expect(() => combine('ensemble', members, { rule, penalty: -1 })).toThrow(
      'penalty must be a finite number of at least 0',
    )
  })

  it('ranks by the first term that differs in a lexicographic order', async () => {
    const right = answerMatches()
    const length: RewardFunction = {
      name: 'length',
      score: async (_, samples) =>
        samples.map(({ text }) => (text === '?' ? { kind: 'unscored', reason: 'no' } : scored(text.length))),
    }
    const reward = combine(
      'right, then short',
      [
        { reward: right, weight: 1 },
        { reward: length, weight: -1 },
      ],
      { rule: 'lexicographic' },
    )
    expect(reward.comparesSamples).toBe(true)
    const rewards = async (...texts: string[]): Promise<unknown[]> =>
      (await reward.score(task, texts.map(sampleOf))).map((one) => (one.kind === 'scored' ? one.reward : one.reason))
    expect(await rewards('a', 'b', 'bbb', 'bbb', '?')).toEqual([1, 2 / 3, 1 / 6, 1 / 6, 'length: no'])
    expect(await rewards('b')).toEqual([0.5])
    expect(() => combine('x', [{ reward: right, weight: 0 }], { rule: 'lexicographic' })).toThrow(
      'the weight of answer-matches in x is 0',
    )
  })

  it('leaves out the terms behind a gate that is closed, their steps and their missing scores too', async () => {
    const steps = [{ end: 1, reward: 1 }]
    const reward = (format: Outcome, rule: 'sum' | 'product'): RewardFunction =>
      combine(
        'gated',
        [
          { reward: constant('format', format), weight: 0.5, atLeast: 1 },
          { reward: constant('judge', { kind: 'unscored', reason: 'busy' }), weight: 1 },
          { reward: constant('process', { ...scored(2), steps }), weight: 1 },
        ],
        { rule },
      )
    const parts = { judge: null, process: 2 }
    expect(await reward(scored(0.5), 'sum').score(task, [sampleOf('x')])).toEqual([
      { kind: 'scored', reward: 0.25, parts: { format: 0.5, ...parts } },
    ])
    expect(await reward(scored(0.25), 'product').score(task, [sampleOf('x')])).toEqual([
      { kind: 'scored', reward: 0.5, parts: { format: 0.25, ...parts } },
    ])
    expect(await reward(scored(1), 'sum').score(task, [sampleOf('x')])).toEqual([
      { kind: 'unscored', reason: 'judge: busy', parts: { format: 1, ...parts }, steps },
    ])
    expect(await reward({ kind: 'unscored', reason: 'cut' }, 'sum').score(task, [sampleOf('x')])).toEqual([
      { kind: 'unscored', reason: 'format: cut', parts: { format: null, ...parts } },
    ])
  })
})
