import { bestOfNDistribution, forwardKlGradient, fromProbabilities, reverseKlGradient } from '@posttrain/kl'
import { enumerateSequences } from '@posttrain/laws'
import { describe, expect, it } from 'vitest'
import { bondBackward, jBondAdvantages, jBondReward } from '../../src/best-of-n/bond.js'
import { rewardOf, shaped, task } from './enumerated-update.js'

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
    (jeffreys, klCoefficient, count) => {
      const step = [0, 0, 0, 0]
      // Over the policy's answer and the anchor's two of every prompt; prompts are alike, so that the first one tells.
      for (const choices of enumerateSequences(4, 3 * count)) {
        let probability = 1
        const prompts = Array.from({ length: count }, (_, x) => {
          const [y, a, b] = choices.slice(3 * x, 3 * x + 3) as [number, number, number]
          probability *= pi.probabilities[y]! * anchor.probabilities[a]! * anchor.probabilities[b]!
          return { reward: rewards[y]!, anchors: [rewards[a]!, rewards[b]!] as const, logRatio: logRatio(y) }
        })
        const [first] = jBondAdvantages(prompts, { jeffreys, klCoefficient })
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
        const expected = -(1 - jeffreys) * forward[j]! + jeffreys * reinforced - (jeffreys + klCoefficient) * kl[j]!
        expect(value).toBeCloseTo(expected, 12)
      })
    },
  )

  it('refuses what is no probability or no number', () => {
    expect(() => jBondAdvantages([], { jeffreys: 1.5 })).toThrow('jeffreys')
    expect(() => jBondAdvantages([{ reward: NaN, anchors: [0, 1], logRatio: 0 }])).toThrow('prompt 0')
  })
})

describe('bondBackward', () => {
  it('rewards with log P(≤), which is log π_bon/p_ref but for (N−1) and a term from 0 to log N', async () => {
    const n = 4
    const counts = [400, 300, 200, 100]
    const cache = {
      reward: 'raw',
      count: 1000,
      seed: 0,
      tasks: [
        { task: 'x', rewards: counts.flatMap((count, i) => new Array<number>(count).fill(rewards[i]!)), unscored: 0 },
      ],
    }
    const raw = rewardOf('raw', { a: 0, b: 5, c: 5, d: 7 })
    const { reward, algorithm } = shaped(bondBackward({ n, cache }), raw)
    const usage = { promptTokens: 1, completionTokens: 1 }
    const samples = ['a', 'b', 'c', 'd'].map((text, index) => ({
      taskId: 'x',
      index,
      seed: 0,
      text,
      finish: 'stop' as const,
      usage,
    }))
    const outcomes = await reward.score(task, samples)
    const bon = bestOfNDistribution(anchor, rewards, n)
    const below = [0, 0.4, 0.4, 0.9]
    outcomes.forEach((outcome, y) => {
      const found = outcome.kind === 'scored' ? outcome.reward : NaN
      expect(found).toBeCloseTo(Math.log((1000 * notBetter[y]! + 1) / 1001), 12)
      let sum = 0
      for (let i = 0; i < n; i++) sum += (below[y]! / notBetter[y]!) ** i
      const rest = Math.log(bon[y]! / anchor.probabilities[y]!) - (n - 1) * Math.log(notBetter[y]!)
      expect(rest).toBeCloseTo(Math.log(sum), 12)
      expect(rest).toBeGreaterThanOrEqual(0)
      expect(rest).toBeLessThan(Math.log(n))
    })
    expect(algorithm.kl!.coefficient).toBeCloseTo(1 / 3, 14)
    expect(() => bondBackward({ n: 1, cache })).toThrow('n must be above 1')
  })
})
