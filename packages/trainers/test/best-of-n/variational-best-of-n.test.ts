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
import { logCdfReward } from '../../src/best-of-n/log-cdf-reward.js'
import { logTiltReward } from '../../src/best-of-n/log-tilt-reward.js'
import type { ReferenceRewards } from '../../src/best-of-n/reference-rewards.js'
import { transformReward } from '../../src/best-of-n/transform-reward.js'
import { bestOfNForBeta, variationalBestOfN } from '../../src/best-of-n/variational-best-of-n.js'
import { asSamples, expectedUpdate, rewardOf, shaped, task } from './enumerated-update.js'

// The compendium's reference with ties.
const words = ['a', 'b', 'c', 'd', 'e']
const p = [0.1, 0.2, 0.3, 0.25, 0.15]
const rewards = [0, 1, 1, 2, 3]
const raw = rewardOf('raw', Object.fromEntries(words.map((word, i) => [word, rewards[i]!])))
const cacheOf = (values: readonly number[]): ReferenceRewards => ({
  reward: 'raw',
  count: values.length,
  seed: 0,
  tasks: [{ task: 'x', rewards: [...values].sort((a, b) => a - b), unscored: 0 }],
})

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
    const algorithm = variationalBestOfN({ n, bound: 'exact', cache: cacheOf([0]) })
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
    const algorithm = variationalBestOfN({ n: 3, bound: 'exact', cache: cacheOf([0]) })
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
      const algorithm = variationalBestOfN({ n: 5, cache: cacheOf([0]) })
      const pi = await distributionOf(policy)
      const kl = reverseKlGradient(pi, fromProbabilities(p))
      const exact = meanGradient(pi, logF).map((g, i) => g - kl[i]! / 4)
      close(await expectedUpdate(policy, reference, { reward, algorithm }, group), exact)
    },
  )

  it('with a cache is off by the gradient of the smoothing bias, and by nothing else', async () => {
    const M = 3
    const n = 5
    const average = words.map(() => 0)
    for (let code = 0; code < 5 ** M; code++) {
      const draws = Array.from({ length: M }, (_, i) => Math.floor(code / 5 ** i) % 5)
      const probability = draws.reduce((product, y) => product * p[y]!, 1)
      const made = shaped(variationalBestOfN({ n, cache: cacheOf(draws.map((y) => rewards[y]!)) }), raw)
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

  it.each([
    [10, 0.1, 0.4865],
    [50, 0.1, 0.0925],
    [100, 0.1, 0.0455],
    [250, 0.1, 0.0181],
    [300, 0.1, 0.015],
    [10, 0.5, 0.0479],
    [50, 0.5, 0.0099],
    [100, 0.5, 0.005],
    [250, 0.5, 0.002],
    [300, 0.5, 0.0017],
  ])('M = %d, F = %d: log F̂ is biased by %d, as documented', async (M, F, bias) => {
    const logF = await Promise.all(Array.from({ length: M + 1 }, (_, c) => scoreWith('lower', M, c)))
    expect(binomialMean(M, F, (c) => logF[c]!) - Math.log(F)).toBeCloseTo(bias, 4)
  })

  it('has the printed vector', async () => {
    const reward = rewardOf('raw', { low: -2, zero: 0, middle: 0.25, high: 3 })
    const samples = await asSamples(
      policy,
      ['low', 'zero', 'middle', 'high'].map((text) => ({ text, tokens: [0], probability: 1 })),
    )
    const outcomes = await logCdfReward(reward, cacheOf([-1, 0, 0.5, 2])).score(task, samples)
    close(
      outcomes.map((outcome) => (outcome.kind === 'scored' ? outcome.reward : NaN)),
      [-1.609438, -0.916291, -0.510826, 0],
      6,
    )
  })
})

/** The transformed reward of an answer with c of M reference rewards below it and the others above. */
async function scoreWith(bound: 'lower' | 'exact', M: number, c: number): Promise<number> {
  const cache = cacheOf(Array.from({ length: M }, (_, j) => (j < c ? -1 : 1)))
  const reward = rewardOf('raw', { a: 0 })
  const made = bound === 'lower' ? logCdfReward(reward, cache) : logTiltReward(reward, cache, 8)
  const [outcome] = await made.score(task, (await asSamples(policy, await policy.completions('x'))).slice(0, 1))
  return outcome!.kind === 'scored' ? outcome!.reward : NaN
}

/** E f(c) over Binomial(M, F). */
function binomialMean(M: number, F: number, f: (c: number) => number): number {
  let logBinomial = 0
  let sum = 0
  for (let c = 0; c <= M; c++) {
    const probability = F === 0 ? Number(c === 0) : Math.exp(logBinomial + c * Math.log(F) + (M - c) * Math.log1p(-F))
    if (probability > 0) sum += probability * f(c)
    logBinomial += Math.log((M - c) / (c + 1))
  }
  return sum
}

describe('logTiltReward', () => {
  it.each([
    [50, 0.9, -0.0681],
    [300, 0.9, -0.0116],
    [50, 0.1, 0.0245],
    [10, 0.1, 1.8903],
  ])('M = %d, F = %d, N = 8, no ties: biased by %d', async (M, F, bias) => {
    const values = await Promise.all(Array.from({ length: M + 1 }, (_, c) => scoreWith('exact', M, c)))
    expect(binomialMean(M, F, (c) => values[c]!) - Math.log(8) - 7 * Math.log(F)).toBeCloseTo(bias, 4)
  })

  it('tends to the exact tilt for large caches, with ties', async () => {
    const M = 20_000
    const cache = cacheOf(p.flatMap((q, i) => new Array<number>(Math.round(q * M)).fill(rewards[i]!)))
    const outcomes = await logTiltReward(raw, cache, 4).score(
      task,
      await asSamples(policy, await policy.completions('x')),
    )
    outcomes.forEach((outcome, i) => {
      const exact = logBestOfNTilt(levelOf(rewards[i]!), 4)
      expect(outcome.kind === 'scored' && Math.abs(outcome.reward - exact)).toBeLessThan(2e-3)
    })
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
          const plain = shaped(variationalBestOfN({ n: 4, bound, cache: cacheOf(values) }), raw)
          const made = shaped(variationalBestOfN({ n: 4, bound, cache: cacheOf(values.map(transform)) }), other)
          expect(await made.reward.score(task, samples)).toEqual(await plain.reward.score(task, samples))
        },
      ),
      { numRuns: 30 },
    )
  })

  it('knows N = 1/β + 1, and refuses what cannot be', () => {
    expect(bestOfNForBeta(0.005)).toBe(201)
    const cache = cacheOf([0])
    expect(variationalBestOfN({ n: bestOfNForBeta(0.05), cache }).kl!.coefficient).toBeCloseTo(0.05, 14)
    expect(() => variationalBestOfN({ n: 1, cache })).toThrow('n must be above 1, but is 1')
    expect(() => shaped(variationalBestOfN({ n: 2, cache }), { ...raw, name: 'r' })).toThrow(
      'the cache holds rewards of raw',
    )
    expect(() => bestOfNForBeta(0)).toThrow('beta must be above 0')
  })

  it('says which task the cache lacks', async () => {
    const { reward } = shaped(variationalBestOfN({ n: 2, cache: cacheOf([0]) }), raw)
    await expect(reward.score({ id: 'y', prompt: 'x' }, [])).rejects.toThrow(
      'there are no reference rewards for task y',
    )
  })
})
