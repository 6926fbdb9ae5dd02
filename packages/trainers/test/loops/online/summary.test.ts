import { scoreOf, sum, type LogprobProvenance, type Sample } from '@posttrain/core'
import { maxAtKObjective, meanObjective } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import type { TrainingGroup } from '../../../src/loops/online/events.js'
import type { KnownLogprobs } from '../../../src/loops/online/known-logprobs.js'
import { isZero, stalenessOf, summarise } from '../../../src/loops/online/summary.js'
import { groupsOf } from '../../support/expected-update.js'
import { manyLengths } from '../../support/problems.js'
import { sampleOf } from '../../support/reference-rewards.js'

const groupOf = (rewards: readonly number[], advantages: TrainingGroup['advantages']): TrainingGroup => ({
  task: { id: 'x', prompt: 'x' },
  samples: rewards.map((_, index) => sampleOf('', index)),
  outcomes: rewards.map((reward) => ({ kind: 'scored', reward })),
  advantages,
})
const known = (old?: number[][][], reference?: number[][][]): KnownLogprobs => {
  const arrays = (values?: number[][][]): Float64Array[][] | undefined =>
    values?.map((group) => group.map((logprobs) => Float64Array.from(logprobs)))
  return { sequences: [], old: arrays(old), reference: arrays(reference), values: undefined }
}

describe('summarise', () => {
  const groups = [groupOf([1, 0], [0.5, -0.5]), groupOf([0, 0], [0, Float64Array.of(0, 0)])]

  it('measures rewards, the objective by prompt, and what was solved', () => {
    const { reward, objective, solved, informative } = summarise(groups, maxAtKObjective({ k: 2 }), known())
    expect({ reward, objective, solved, informative }).toEqual({
      reward: 0.25,
      objective: 0.5,
      solved: 0.5,
      informative: 0.5,
    })
  })

  it('measures entropies per token and per sample, and the KL per sample', () => {
    const old = [[[-1, -2], [-3]], [[-1], [-1, -1, -1]]] // prettier-ignore
    const reference = [[[-2, -2], [-3]], [[-0.5], [-1, -1, -2]]] // prettier-ignore
    const found = summarise(groups, meanObjective(), known(old, reference))
    expect(found.entropy).toBeCloseTo(10 / 7, 14)
    expect(found.sampleEntropy).toBeCloseTo(10 / 4, 14)
    expect(found.kl).toBeCloseTo((1 + 0 - 0.5 + 1) / 4, 14)
    expect(summarise(groups, meanObjective(), known(old)).kl).toBeUndefined()
  })

  it('takes recorded log-probs where nothing else is known, and says NaN where nothing is', () => {
    const provenance = { engine: 'other', dtype: 'f32', weights: 'w' } as const
    const samples = [[-1, -2], [-3]].map((values, index): Sample => ({
      ...sampleOf('', index),
      logprobs: { values, provenance },
    }))
    const found = summarise([{ ...groups[0]!, samples }], meanObjective(), known())
    expect([found.entropy, found.sampleEntropy]).toEqual([2, 3])
    expect(summarise(groups, meanObjective(), known()).entropy).toBeNaN()
  })
})

describe('the entropies of a step, over every group of two samples of different lengths', async () => {
  const { policy, prompt } = manyLengths()
  const completions = await policy.completions(prompt)
  const scores = await policy.score(completions.map(({ tokens }) => ({ prompt, tokens })))
  const logprobs = new Map(completions.map(({ text }, i) => [text, [...scoreOf(scores[i]!, 'logprob')]]))
  const entropy = -sum(completions.map(({ probability: p }) => p * Math.log(p)))
  const length = sum(completions.map(({ probability, tokens }) => probability * tokens.length))
  let [perSample, perToken] = [0, 0]
  for (const { group, probability } of groupsOf(completions, 2)) {
    const old = [group.map(({ text }) => logprobs.get(text)!)]
    const found = summarise([groupOf([0, 0], [0, 0])], meanObjective(), known(old))
    perSample += probability * found.sampleEntropy
    perToken += probability * found.entropy
  }

  it('per sample is unbiased for the entropy of whole completions', () => {
    expect(perSample).toBeCloseTo(entropy, 12)
  })

  it('per token is not unbiased for the entropy per token: a ratio of two sums', () => {
    expect(entropy / length).toBeCloseTo(0.65538, 5)
    expect(perToken - entropy / length).toBeCloseTo(0.03163, 5)
  })
})

describe('isZero', () => {
  it('is true where no token carries a gradient', () => {
    expect([0, 0.5, Float64Array.of(0, 0), Float64Array.of(0, 1e-300), new Float64Array(0)].map(isZero)).toEqual([
      true,
      false,
      true,
      false,
      true,
    ])
  })
})

describe('stalenessOf', () => {
  const present: LogprobProvenance = { engine: 'own', dtype: 'f64', weights: 'w', step: 7 }
  const drawnAt = (...steps: (number | undefined)[]): Sample[] =>
    steps.map((step, index) => ({
      ...sampleOf('', index),
      logprobs: { values: [], provenance: { engine: 'own', dtype: 'f64', weights: 'w', step } },
    }))

  it('is that of the oldest sample', () => {
    expect(stalenessOf(drawnAt(7, 5, 6), present)).toBe(2)
    expect(stalenessOf(drawnAt(7, 7), present)).toBe(0)
  })

  it('is unknown where a sample or the policy does not say', () => {
    expect(stalenessOf(drawnAt(7, undefined), present)).toBeUndefined()
    expect(stalenessOf(drawnAt(7), { ...present, step: undefined })).toBeUndefined()
    expect(stalenessOf(drawnAt(7), { ...present, weights: 'another run' })).toBeUndefined()
    expect(stalenessOf([sampleOf('')], present)).toBeUndefined()
    expect(stalenessOf([], present)).toBeUndefined()
  })
})
