import { fromProbabilities, reverseKlGradient } from '@posttrain/kl'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { infAlign } from '../../src/algorithms/inf-align.js'
import { expectedUpdate, rewardOf, transformed } from '../support/enumerated-update.js'
import { allReferenceRewards, referenceRewardsOf, scoresOf } from '../support/reference-rewards.js'

const words = ['a', 'b', 'c', 'd']
const p = [0.4, 0.3, 0.2, 0.1]
const rewards = [0, 5, 5, 7]
/** How often a sample of the reference is worse than each answer, and how often it ties with it. */
const below = [0, 0.4, 0.4, 0.9]
const equal = [0.4, 0.5, 0.5, 0.1]
const C = below.map((p, i) => p + equal[i]! / 2)
const raw = rewardOf('raw', Object.fromEntries(words.map((word, i) => [word, rewards[i]!])))
const exactly = referenceRewardsOf([0, 0, 0, 0, 5, 5, 5, 5, 5, 7])
const tableOf = (logits: readonly number[]): TabularPolicy => {
  const policy = new TabularPolicy({ prompts: ['x'], words })
  policy.setLogits('x', [], logits)
  return policy
}
const reference = tableOf(p.map(Math.log))
const policy = tableOf([0.2, -0.3, 0.5, -0.1])

describe('infAlign', () => {
  it.each([
    [2, 0.5],
    [-3, 0.2],
  ])('t = %d, β = %d: the expected update is the gradient of E[g(C)] − β·KL, with the stated sign', async (t, beta) => {
    const pi = fromProbabilities((await policy.completions('x')).map(({ probability }) => probability))
    const g = C.map((c) => Math.sign(t) * Math.exp(t * c))
    const mean = g.reduce((sum, value, i) => sum + value * pi.probabilities[i]!, 0)
    const kl = reverseKlGradient(pi, fromProbabilities(p))
    const algorithm = infAlign({ referenceRewards: exactly, t, klCoefficient: beta })
    const update = await expectedUpdate(policy, reference, transformed(algorithm, raw), 2)
    update.forEach((value, i) => expect(value).toBeCloseTo(pi.probabilities[i]! * (g[i]! - mean) - beta * kl[i]!, 12))
    expect(g[3]).toBeGreaterThan(g[0]!)
  })

  it('has the stated bias for few reference rewards', async () => {
    const [M, t] = [3, 2]
    const mean = [0, 0, 0, 0]
    for (const [referenceRewards, probability] of allReferenceRewards(rewards, p, M)) {
      const found = await scoresOf(infAlign({ referenceRewards, t, klCoefficient: 1 }).transformReward!(raw), words)
      found.forEach((value, i) => (mean[i]! += probability * value))
    }
    mean.forEach((value, i) => {
      const [less, tie] = [below[i]!, equal[i]!]
      const draw = 1 - less - tie + tie * Math.exp(t / 2 / M) + less * Math.exp(t / M)
      expect(value).toBeCloseTo(draw ** M, 12)
    })
    expect(mean[0]! / Math.exp(t * C[0]!)).toBeCloseTo(1 + (t * t * (0.4 / 4 - 0.2 ** 2)) / (2 * M), 2)
  })

  it('refuses a transform that says nothing', () => {
    expect(() => infAlign({ referenceRewards: exactly, t: 0, klCoefficient: 1 })).toThrow('t is 0')
    expect(() => infAlign({ referenceRewards: exactly, t: 1, klCoefficient: 0 })).toThrow(
      'klCoefficient must be a finite number above 0, but is 0',
    )
  })
})
