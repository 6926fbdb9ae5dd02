import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RewardFunction, Sample } from '@posttrain/core'
import { keepMostConfident } from '@posttrain/estimators'
import { rewardLaws } from '@posttrain/laws'
import { confidenceReward, weightedMajorityVote, type ConfidenceRewardOptions } from '@posttrain/sampling'

const provenance = { engine: 'e', dtype: 'f64' as const, weights: 'w' }
const task = { id: 't', prompt: '?' }
const sample = (index: number, text: string, top?: readonly ArrayLike<number>[]): Sample => ({
  id: 't',
  taskId: 't',
  index,
  seed: 0,
  text,
  finish: 'stop',
  usage: { promptTokens: 1, completionTokens: top?.length ?? 1 },
  ...(top && { logprobs: { values: top.map((values) => values[0]!), top, provenance } }),
})
/** A sample whose tokens have these confidences. */
const confident = (...confidences: readonly number[]): Sample =>
  sample(
    0,
    'a',
    confidences.map((c) => [-c]),
  )
const reward = async (options: ConfidenceRewardOptions, ...samples: readonly Sample[]) =>
  (await confidenceReward(options).score(task, samples)).map((one) => (one.kind === 'scored' ? one.reward : one.reason))

describe('the confidence of a token', () => {
  it('is the mean of the k greatest log-probs, of logits (2, 1, 0, −1)', async () => {
    const logSum = Math.log(Math.exp(2) + Math.exp(1) + 1 + Math.exp(-1))
    const one = sample(0, 'a', [[2, 1, 0, -1].map((logit) => logit - logSum)])
    expect((await reward({ measure: 'mean', top: 2 }, one))[0]).toBeCloseTo(0.94019, 6)
    expect((await reward({ measure: 'mean', top: 4 }, one))[0]).toBeCloseTo(1.94019, 6)
    expect(await reward({ measure: 'mean' }, one)).toEqual(await reward({ measure: 'mean', top: 4 }, one))
  })

  it('clips probabilities at 10⁻¹² where one of the k tokens is masked, and nowhere else', async () => {
    const least = -Math.log(1e-12)
    const masked = sample(0, 'a', [[-1, -100, -Infinity]])
    expect((await reward({ measure: 'mean' }, masked))[0]).toBeCloseTo((1 + 2 * least) / 3, 12)
    expect((await reward({ measure: 'mean', top: 2 }, masked))[0]).toBeCloseTo(50.5, 12)
  })
})

describe('the confidence of a trace', () => {
  const trace = confident(5, 4, 1, 1, 4, 5, 6, 2)

  it('is that of the paper’s measures', async () => {
    expect(await reward({ measure: 'mean' }, trace)).toEqual([3.5])
    expect((await reward({ measure: 'tail', window: 3 }, trace))[0]).toBeCloseTo(13 / 3, 12)
    // Groups of 3: 3.333, 2, 2, 3.333, 5, 4.333. A tenth of six groups is one of them.
    expect(await reward({ measure: 'lowest-group', window: 3 }, trace)).toEqual([2])
    expect(await reward({ measure: 'bottom-groups', window: 3 }, trace)).toEqual([2])
    // Twenty groups of one token: the mean of the lowest two.
    const long = confident(...Array.from({ length: 20 }, (_, i) => (i + 7) % 20))
    expect(await reward({ measure: 'bottom-groups', window: 1 }, long)).toEqual([0.5])
    for (const measure of ['tail', 'lowest-group', 'bottom-groups'] as const) {
      expect(await reward({ measure, window: 9 }, trace)).toEqual([3.5])
      expect(await reward({ measure }, trace)).toEqual([3.5])
    }
  })

  it('is that of all groups written out', async () => {
    const traces = fc.array(fc.double({ min: 0, max: 30, noNaN: true }), { minLength: 1, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(traces, fc.integer({ min: 1, max: 70 }), async (values, window) => {
        const size = Math.min(window, values.length)
        const groups = Array.from({ length: values.length - size + 1 }, (_, i) => mean(values.slice(i, i + size)))
        const lowest = [...groups].sort((a, b) => a - b).slice(0, Math.max(1, Math.floor(groups.length / 10)))
        const expected = { 'lowest-group': Math.min(...groups), 'bottom-groups': mean(lowest), tail: mean(values.slice(-size)) } // prettier-ignore
        for (const measure of ['lowest-group', 'bottom-groups', 'tail'] as const) {
          const [found] = await reward({ measure, window }, confident(...values))
          expect(Math.abs((found as number) - expected[measure])).toBeLessThan(1e-11) // sums of up to 60 numbers
        }
      }),
    )
  })

  it('is unscored where the sample carries too little, and says why', async () => {
    const without = { ...trace, logprobs: { ...trace.logprobs!, top: undefined } }
    const reasons = await reward({ measure: 'mean', top: 2 }, sample(0, 'a'), without, sample(0, '', []), trace)
    expect(reasons).toEqual([
      'the sample carries no log-probs of the likeliest tokens',
      'the sample carries no log-probs of the likeliest tokens',
      'no token of the sample was chosen',
      'token 0 has log-probs of 1 of the 2 likeliest tokens',
    ])
    expect(await reward({ measure: 'mean' }, sample(0, 'a', [[-1], []]))).toEqual([
      'token 1 has log-probs of 0 of the 1 likeliest tokens',
    ])
  })

  it('names what it is, and refuses what it is not', () => {
    expect(confidenceReward({ measure: 'mean' }).name).toBe('mean confidence')
    expect(confidenceReward({ measure: 'mean', top: 5 }).name).toBe('mean confidence (top 5)')
    expect(confidenceReward({ measure: 'tail', window: 9, top: 5 }).name).toBe('tail confidence (9, top 5)')
    expect(() => confidenceReward({ measure: 'median' as 'mean' })).toThrow('measure must be one of mean')
    expect(() => confidenceReward({ measure: 'mean', window: 0 })).toThrow('window')
    expect(() => confidenceReward({ measure: 'mean', top: 0.5 })).toThrow('top')
  })

  /** The laws give texts: their digits are confidences, and without one there is nothing to read. */
  const ofDigits = (options: ConfidenceRewardOptions): RewardFunction => {
    const judge = confidenceReward(options)
    const read = ({ index, text }: Sample): Sample =>
      sample(index, text, text === '' ? undefined : [...text].map((digit) => [-Number(digit)]))
    return { ...judge, score: (given, samples) => judge.score(given, samples.map(read)) }
  }
  const text = fc.string({ unit: fc.constantFrom('0', '3', '9'), maxLength: 12 })
  describe.each(['mean', 'tail', 'lowest-group', 'bottom-groups'] as const)('by %s', (measure) => {
    it.each(rewardLaws(ofDigits({ measure, window: 3 }), { task, text }))('$name', ({ property }) =>
      fc.assert(property, { numRuns: 20 }),
    )
  })
})

it('weighs and filters the votes of DeepConf offline', async () => {
  const samples = [...'aaabb'].map((text, index) => ({ ...confident([2, 2, 2, 5, 1][index]!), index, text }))
  const sampler = {
    async *sample() {
      yield* samples
    },
  }
  const by = confidenceReward({ measure: 'mean' })
  const vote = weightedMajorityVote({ k: 5, by })
  expect((await vote.run(sampler, task)).reason).toBe('the answer a weighs 6 among 5 samples, picked at random from 2 tied answers') // prettier-ignore
  const low = weightedMajorityVote({ k: 5, by, weigh: keepMostConfident(0.1) })
  expect(low.name).toBe('weighted-maj@5 (keepMostConfident(0.1)) by mean confidence')
  expect((await low.run(sampler, task)).reason).toBe('the answer b weighs 5 among 5 samples')
  const high = weightedMajorityVote({ k: 5, by, weigh: keepMostConfident(0.8) })
  expect((await high.run(sampler, task)).reason).toBe('the answer a weighs 6 among 5 samples')
})

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length
