import {
  bestOfNDistribution,
  fromProbabilities,
  klDivergence,
  reverseKlGradient,
  type Distribution,
  logBestOfNTilt,
} from '@posttrain/kl'
import { TabularPolicy } from '@posttrain/models'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { transformReward } from '../../src/rewards/transform-reward.js'
import { variationalBestOfN } from '../../src/algorithms/variational-best-of-n.js'
import { asSamples, expectedUpdate, rewardOf, transformed, task } from '../support/enumerated-update.js'
import { allReferenceRewards, binomialMean, referenceRewardsOf } from '../support/reference-rewards.js'

// The compendium's reference with ties.
const words = ['a', 'b', 'c', 'd', 'e']
const p = [0.1, 0.2, 0.3, 0.25, 0.15]
const rewards = [0, 1, 1, 2, 3]
const raw = rewardOf('raw', Object.fromEntries(words.map((word, i) => [word, rewards[i]!])))

const tableOf = (logits: readonly number[]): TabularPolicy => {
  const policy = new TabularPolicy({ prompts: ['x'], words })
  policy.setLogits('x', [], logits)
  return policy
}
const reference = tableOf(p.map(Math.log))
const policy = tableOf([0.3, -0.4, 0.2, 0.6, -0.1])
const distributionOf = async (table: TabularPolicy): Promise<Distribution> =>
  fromProbabilities((await table.completions('x')).map(({ probability }) => probability))

/** ∇E_π[v] of a softmax: π_j(v_j − E v). */
const meanGradient = ({ probabilities }: Distribution, values: readonly number[]): number[] => {
  const mean = values.reduce((sum, value, i) => sum + value * probabilities[i]!, 0)
  return values.map((value, i) => probabilities[i]! * (value - mean))
}
const levelOf = (reward: number): { below: number; mass: number } => {
  const massWhere = (holds: (r: number) => boolean): number =>
    p.reduce((sum, q, i) => sum + (holds(rewards[i]!) ? q : 0), 0)
  return { below: massWhere((r) => r < reward), mass: massWhere((r) => r === reward) }
}
const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, digits = 12): void =>
  Array.from(expected).forEach((value, i) => expect(actual[i]).toBeCloseTo(value, digits))

describe('the exact bound', () => {
  it.each([
    [2, 2],
    [4, 2],
    [4, 3],
    [7.5, 2],
  ])('N = %d: on groups of %d the expected update is the gradient of −KL(π‖π_bon), ties included', async (n, group) => {
    const algorithm = variationalBestOfN({ n, bound: 'exact', referenceRewards: referenceRewardsOf([0]) })
    const reward = transformReward(raw, 'exact', () => (r) => logBestOfNTilt(levelOf(r), n))
    const bon = fromProbabilities(p.map((q, i) => q * Math.exp(logBestOfNTilt(levelOf(rewards[i]!), n))))
    if (Number.isInteger(n)) close(bon.probabilities, bestOfNDistribution(fromProbabilities(p), rewards, n), 14)
    const exact = reverseKlGradient(await distributionOf(policy), bon)
    close(
      await expectedUpdate(policy, reference, { reward, algorithm }, group),
      exact.map((x) => -x),
    )
    expect(Math.max(...exact.map(Math.abs))).toBeGreaterThan(0.05)
  })

  it('holds for completions of several tokens and of different lengths', async () => {
    const settings = { prompts: ['x'], words: ['a', 'b', '.'], length: 2, end: '.' }
    const [ref, learner] = [new TabularPolicy(settings), new TabularPolicy(settings)]
    ref.setLogits('x', [], [0.4, -0.3, 0.1])
    learner.setLogits('x', [], [0.1, 0.5, -0.6])
    learner.setLogits('x', [0], [-0.2, 0.3, 0.4])
    const completions = await ref.completions('x')
    const values = completions.map((_, i) => [2, 0, 1, 1, 3, 0.5, 2][i]!)
    const q = completions.map(({ probability }) => probability)
    const bon = fromProbabilities(bestOfNDistribution(fromProbabilities(q), values, 3))
    const reward = rewardOf(
      'log tilt',
      Object.fromEntries(completions.map(({ text }, i) => [text, Math.log(bon.probabilities[i]! / q[i]!)])),
    )
    const algorithm = variationalBestOfN({ n: 3, bound: 'exact', referenceRewards: referenceRewardsOf([0]) })
    const update = await expectedUpdate(learner, ref, { reward, algorithm }, 2)

    const logits = await learner.logits()
    const rows = [[], [0], [1]] // the prompt and its unfinished prefixes, in the order of the table
    const minusKl = async (index: number, change: number): Promise<number> => {
      const moved = new TabularPolicy(settings)
      const table = logits.slice()
      table[index]! += change
      rows.forEach((prefix, row) => moved.setLogits('x', prefix, [...table.subarray(3 * row, 3 * row + 3)]))
      return -klDivergence(await distributionOf(moved), bon)
    }
    const h = 1e-5
    for (let i = 0; i < 9; i++) {
      expect(update[i]).toBeCloseTo(((await minusKl(i, h)) - (await minusKl(i, -h))) / (2 * h), 8)
    }
  })

  it('is log N + (N−1) log F for masses that vanish, the formula of the paper without ties, and bounded by its parts', () => {
    expect(logBestOfNTilt({ below: 0.5, mass: 0 }, 11)).toBeCloseTo(Math.log(11) + 10 * Math.log(0.5), 14)
    expect(logBestOfNTilt({ below: 0.5, mass: 1e-12 }, 11)).toBeCloseTo(Math.log(11) + 10 * Math.log(0.5), 10)
    // The authors' normalised reward, (log tilt)/n, at n = 11, F = .5 and log p = −20 or −1.
    expect(logBestOfNTilt({ below: 0.5, mass: Math.exp(-20) }, 11) / 11).toBeCloseTo(-0.412143, 6)
    expect(logBestOfNTilt({ below: 0.5, mass: Math.exp(-1) }, 11) / 11).toBeCloseTo(-0.051005, 6)
  })

  it('has the printed values of J and its bounds', () => {
    const ref = [0.4, 0.3, 0.2, 0.1]
    const evaluate = (weights: readonly number[]): { J: number; L: number } => {
      const total = weights.reduce((a, b) => a + b, 0)
      let [J, L, below] = [0, 0, 0]
      weights.forEach((w, i) => {
        const pi = w / total
        if (pi > 0) J += pi * (logBestOfNTilt({ below, mass: ref[i]! }, 4) - Math.log(pi / ref[i]!))
        if (pi > 0) L += pi * (3 * Math.log(below) - Math.log(pi / ref[i]!))
        below += ref[i]!
      })
      return { J, L }
    }
    const softmax = [0.1, 0, -0.2, 0.3].map(Math.exp)
    const { J, L } = evaluate([0, ...softmax.slice(1)])
    expect([J, L + Math.log(4), L]).toEqual(
      [-0.090038, -0.591984, -1.978279].map((x) => expect.closeTo(x, 6) as number),
    )
    expect(evaluate(softmax).J).toBeCloseTo(-0.442964, 6)
  })
})

describe('the lower bound', () => {
  it.each([2, 3])(
    'on groups of %d the expected update is the gradient of L/(N−1) for the F it is given',
    async (group) => {
      const logF = [-3, -1.2, -1.2, -0.5, -0.1]
      const reward = rewardOf('log F', Object.fromEntries(words.map((word, i) => [word, logF[i]!])))
      const algorithm = variationalBestOfN({ n: 5, referenceRewards: referenceRewardsOf([0]) })
      const pi = await distributionOf(policy)
      const kl = reverseKlGradient(pi, fromProbabilities(p))
      const exact = meanGradient(pi, logF).map((g, i) => g - kl[i]! / 4)
      close(await expectedUpdate(policy, reference, { reward, algorithm }, group), exact)
    },
  )

  it('with few reference rewards is off by the gradient of the smoothing bias, and by nothing else', async () => {
    const M = 3
    const n = 5
    const average = words.map(() => 0)
    for (const [referenceRewards, probability] of allReferenceRewards(rewards, p, M)) {
      const made = transformed(variationalBestOfN({ n, referenceRewards }), raw)
      const update = await expectedUpdate(policy, reference, made, 2)
      update.forEach((value, i) => (average[i]! += probability * value))
    }
    const smoothed = rewards.map((reward) => binomialMean(M, levelOf(reward).below, (c) => Math.log((c + 1) / (M + 1))))
    const pi = await distributionOf(policy)
    const kl = reverseKlGradient(pi, fromProbabilities(p))
    close(
      average,
      meanGradient(pi, smoothed).map((g, i) => g - kl[i]! / (n - 1)),
    )
  })
})

describe('variationalBestOfN', () => {
  it('does not change with an increasing transform of the reward', async () => {
    const transform = (r: number): number => Math.exp(r) - 5
    const other = rewardOf('raw', Object.fromEntries(words.map((word, i) => [word, transform(rewards[i]!)])))
    const samples = await asSamples(policy, await policy.completions('x'))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...rewards), { minLength: 1, maxLength: 20 }),
        fc.constantFrom('lower' as const, 'exact' as const),
        async (values, bound) => {
          const plain = transformed(
            variationalBestOfN({ n: 4, bound, referenceRewards: referenceRewardsOf(values) }),
            raw,
          )
          const made = transformed(
            variationalBestOfN({ n: 4, bound, referenceRewards: referenceRewardsOf(values.map(transform)) }),
            other,
          )
          expect(await made.reward.score(task, samples)).toEqual(await plain.reward.score(task, samples))
        },
      ),
      { numRuns: 30 },
    )
  })

  it('has β = 1/(N − 1), and refuses what cannot be', () => {
    const referenceRewards = referenceRewardsOf([0])
    expect(variationalBestOfN({ n: 21, referenceRewards }).kl!.coefficient).toBeCloseTo(0.05, 14)
    expect(variationalBestOfN({ n: 1.5, referenceRewards }).kl!.coefficient).toBe(2)
    expect(() => variationalBestOfN({ n: 1, referenceRewards })).toThrow('n must be a finite number above 1, but is 1')
    expect(() => transformed(variationalBestOfN({ n: 2, referenceRewards }), { ...raw, name: 'r' })).toThrow(
      'the reference rewards are of raw, but the reward is r',
    )
  })

  it('says which task has no reference rewards', async () => {
    const { reward } = transformed(variationalBestOfN({ n: 2, referenceRewards: referenceRewardsOf([0]) }), raw)
    await expect(reward.score({ id: 'y', prompt: 'x' }, [])).rejects.toThrow(
      'there are no reference rewards for task y',
    )
  })
})
