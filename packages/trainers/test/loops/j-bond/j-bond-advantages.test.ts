import { bestOfNDistribution, forwardKlGradient, fromProbabilities, reverseKlGradient } from '@posttrain/kl'
import { enumerateSequences } from '@posttrain/laws'
import { describe, expect, it } from 'vitest'
import { jBondAdvantages, jBondReward } from '../../../src/loops/j-bond/j-bond-advantages.js'

const anchor = fromProbabilities([0.4, 0.3, 0.2, 0.1])
const pi = fromProbabilities([0.2, 0.25, 0.15, 0.4])
const rewards = [0, 5, 5, 7]
const notBetter = [0.4, 0.9, 0.9, 1] // P(r′ ≤ r) under the anchor

describe('jBondReward', () => {
  it('is on average −log 16·(1 − P(r′ ≤ r))², which is log P at the median', () => {
    rewards.forEach((reward, y) => {
      let mean = 0
      for (const [a, b] of enumerateSequences(4, 2)) {
        mean +=
          anchor.probabilities[a!]! * anchor.probabilities[b!]! * jBondReward(reward, [rewards[a!]!, rewards[b!]!])
      }
      expect(mean).toBeCloseTo(-Math.log(16) * (1 - notBetter[y]!) ** 2, 14)
    })
    expect(-Math.log(16) * 0.5 ** 2).toBeCloseTo(Math.log(0.5), 14)
  })
})

describe('jBondAdvantages', () => {
  const logRatio = (y: number): number => pi.logprobs[y]! - anchor.logprobs[y]!

  it.each([
    [0.5, 0, 1],
    [0.3, 0.2, 1],
    [1, 0, 2],
    [0.25, 0.5, 2],
  ])(
    'β = %d, γ = %d, %d prompts: the expected update is descent on the Jeffreys divergence',
    (beta, klCoefficient, count) => {
      const step = [0, 0, 0, 0]
      // Over the policy's answer and the anchor's two of every prompt; prompts are alike, so that the first one tells.
      for (const choices of enumerateSequences(4, 3 * count)) {
        let probability = 1
        const prompts = Array.from({ length: count }, (_, x) => {
          const [y, a, b] = choices.slice(3 * x, 3 * x + 3) as [number, number, number]
          probability *= pi.probabilities[y]! * anchor.probabilities[a]! * anchor.probabilities[b]!
          return { reward: rewards[y]!, anchors: [rewards[a]!, rewards[b]!] as const, logRatio: logRatio(y) }
        })
        const [first] = jBondAdvantages(prompts, { beta, klCoefficient })
        const best = choices[1 + first!.bestIndex]!
        pi.probabilities.forEach((q, j) => {
          step[j]! += probability * first!.policy * (Number(choices[0] === j) - q)
          step[j]! += probability * first!.best * (Number(best === j) - q)
        })
      }
      const bo2 = fromProbabilities(bestOfNDistribution(anchor, rewards, 2))
      const forward = forwardKlGradient(pi, bo2)
      const kl = reverseKlGradient(pi, anchor)
      const surrogate = notBetter.map((c) => -Math.log(16) * (1 - c) ** 2)
      const mean = surrogate.reduce((sum, value, i) => sum + value * pi.probabilities[i]!, 0)
      step.forEach((value, j) => {
        const reinforced = pi.probabilities[j]! * (surrogate[j]! - mean)
        const expected = -(1 - beta) * forward[j]! + beta * reinforced - (beta + klCoefficient) * kl[j]!
        expect(value).toBeCloseTo(expected, 12)
      })
    },
  )

  it('refuses what is no probability or no number', () => {
    expect(() => jBondAdvantages([], { beta: 1.5 })).toThrow('beta must be a finite number from 0 to 1, but is 1.5')
    expect(() => jBondAdvantages([{ reward: NaN, anchors: [0, 1], logRatio: 0 }])).toThrow('prompt 0')
  })
})
