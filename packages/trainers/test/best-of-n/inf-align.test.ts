import { fromProbabilities, reverseKlGradient } from '@posttrain/kl'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { calibratedReward, infAlign } from '../../src/best-of-n/inf-align.js'
import type { ReferenceRewards } from '../../src/best-of-n/reference-rewards.js'
import { asSamples, expectedUpdate, rewardOf, shaped, task } from './enumerated-update.js'

const words = ['a', 'b', 'c', 'd']
const p = [0.4, 0.3, 0.2, 0.1]
const rewards = [0, 5, 5, 7]
const C = [0.4, 0.9, 0.9, 1]
const raw = rewardOf('raw', Object.fromEntries(words.map((word, i) => [word, rewards[i]!])))
const cacheOf = (values: readonly number[]): ReferenceRewards => ({
  reward: 'raw',
  count: values.length,
  seed: 0,
  tasks: [{ task: 'x', rewards: [...values].sort((a, b) => a - b), unscored: 0 }],
})
const exactCache = cacheOf([0, 0, 0, 0, 5, 5, 5, 5, 5, 7])
const tableOf = (logits: readonly number[]): TabularPolicy => {
  const policy = new TabularPolicy({ prompts: ['x'], words })
  policy.setLogits('x', [], logits)
  return policy
}
const reference = tableOf(p.map(Math.log))
const policy = tableOf([0.2, -0.3, 0.5, -0.1])
const scores = async (reward: typeof raw): Promise<number[]> =>
  (await reward.score(task, await asSamples(policy, await policy.completions('x')))).map((outcome) =>
    outcome.kind === 'scored' ? outcome.reward : NaN,
  )

/** Every cache of M rewards with its probability. */
function* caches(M: number): Generator<[ReferenceRewards, number]> {
  for (let code = 0; code < 4 ** M; code++) {
    const draws = Array.from({ length: M }, (_, i) => Math.floor(code / 4 ** i) % 4)
    yield [cacheOf(draws.map((y) => rewards[y]!)), draws.reduce((product, y) => product * p[y]!, 1)]
  }
}

describe('calibratedReward', () => {
  it('is the share of the reference that is not better, and unbiased', async () => {
    expect(await scores(calibratedReward(raw, exactCache))).toEqual(C)
    const mean = [0, 0, 0, 0]
    for (const [cache, probability] of caches(3)) {
      const found = await scores(calibratedReward(raw, cache))
      found.forEach((value, i) => (mean[i]! += probability * value))
    }
    mean.forEach((value, i) => expect(value).toBeCloseTo(C[i]!, 14))
  })
})

describe('infAlign', () => {
  it.each([
    [2, 0.5],
    [-3, 0.2],
  ])('t = %d, β = %d: the expected update is the gradient of E[g(C)] − β·KL, with the stated sign', async (t, beta) => {
    const pi = fromProbabilities((await policy.completions('x')).map(({ probability }) => probability))
    const g = C.map((c) => Math.sign(t) * Math.exp(t * c))
    const mean = g.reduce((sum, value, i) => sum + value * pi.probabilities[i]!, 0)
    const kl = reverseKlGradient(pi, fromProbabilities(p))
    const update = await expectedUpdate(policy, reference, shaped(infAlign({ cache: exactCache, t, beta }), raw), 2)
    update.forEach((value, i) => expect(value).toBeCloseTo(pi.probabilities[i]! * (g[i]! - mean) - beta * kl[i]!, 12))
    expect(g[3]).toBeGreaterThan(g[0]!)
  })

  it('has the stated bias for a small cache', async () => {
    const [M, t] = [3, 2]
    const mean = [0, 0, 0, 0]
    for (const [cache, probability] of caches(M)) {
      const found = await scores(infAlign({ cache, t, beta: 1 }).shape!(raw))
      found.forEach((value, i) => (mean[i]! += probability * value))
    }
    mean.forEach((value, i) => expect(value).toBeCloseTo((1 - C[i]! + C[i]! * Math.exp(t / M)) ** M, 12))
    expect(mean[0]! / Math.exp(t * C[0]!)).toBeCloseTo(1 + (t * t * 0.4 * 0.6) / (2 * M), 1)
  })

  it('refuses a transform that says nothing', () => {
    expect(() => infAlign({ cache: exactCache, t: 0, beta: 1 })).toThrow('t is 0')
    expect(() => infAlign({ cache: exactCache, t: 1, beta: 0 })).toThrow('beta must be above 0')
  })
})
