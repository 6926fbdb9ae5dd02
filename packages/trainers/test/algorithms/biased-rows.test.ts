import { scoreOf, type ScoredOutcome } from '@posttrain/core'
import { passAtKObjective } from '@posttrain/estimators'
import { sequenceSum } from '@posttrain/losses'
import type { WeightedCompletion } from '@posttrain/models'
import {
  centred,
  cispo,
  dapo,
  drGrpo,
  grpo,
  gspo,
  opo,
  passAtKTraining,
  reinforcePlusPlus,
  standardised,
  type Algorithm,
} from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'
import {
  distance,
  expectedUpdate,
  expectedWeightedScores,
  gradientOfExpectation,
  size,
  weightedScores,
  type Problem,
} from '../support/expected-update.js'
import { manyLengths, oneToken } from '../support/problems.js'

const rewardIn =
  ({ outcomes }: Problem) =>
  ({ text }: WeightedCompletion): number =>
    (outcomes[text] as ScoredOutcome).reward

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const deviation = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1))

/** (r − mean)/std/n, 0 for a constant group: written out here, not taken from the library. */
const grouped = (rewards: readonly number[]): number[] =>
  rewards.every((reward) => reward === rewards[0])
    ? rewards.map(() => 0)
    : rewards.map((reward) => (reward - mean(rewards)) / deviation(rewards) / rewards.length)

/** What each row does with a group, in formulas: the weight of Σₜ ∇log π(token) of each sample. */
const formulas: Readonly<Record<string, { algorithm: Algorithm; weigh: (r: number[], l: number[]) => number[] }>> = {
  'grpo, one mean per sequence': {
    algorithm: grpo({ klCoefficient: 0 }),
    weigh: (r, l) => grouped(r).map((a, i) => a / l[i]!),
  },
  'gspo, whose ratio is 1 on fresh samples': {
    algorithm: gspo(),
    weigh: (r, l) => grouped(r).map((a, i) => a / l[i]!),
  },
  'cispo, one mean over tokens': {
    algorithm: cispo(),
    weigh: (r, l) => grouped(r).map((a) => (a * r.length) / l.reduce((x, y) => x + y)),
  },
  'dapo, whose penalty begins at 4/5 of the longest': {
    algorithm: dapo({ maxTokens: 10 }),
    weigh: (r, l) => grouped(r).map((a) => (a * r.length) / l.reduce((x, y) => x + y)),
  },
  'dr-grpo, over a constant': {
    algorithm: drGrpo({ maxTokens: 5 }),
    weigh: (r) => r.map((x) => (x - mean(r)) / r.length / 5),
  },
  'opo, a baseline by length': {
    algorithm: opo(),
    weigh: (r, l) => {
      const baseline = r.reduce((sum, x, i) => sum + x * l[i]!, 0) / l.reduce((a, b) => a + b)
      return r.map((x) => (x - baseline) / r.length)
    },
  },
}

describe('the expected update is what the row says it does, lengths included', () => {
  it.each(Object.entries(formulas))('%s', async (_, { algorithm, weigh }) => {
    const problem = manyLengths()
    const expected = await expectedWeightedScores(problem, 3, (group) =>
      weigh(
        group.map(rewardIn(problem)),
        group.map(({ tokens }) => tokens.length),
      ),
    )
    expect(distance(await expectedUpdate(problem, algorithm, 3), expected)).toBeLessThan(1e-12)
    expect(size(expected)).toBeGreaterThan(0.01)
  })

  it('grpo’s k3 in the loss: the forward KL of the next token at sampled prefixes, over the length', async () => {
    const problem = manyLengths()
    const { policy, prompt } = problem
    const reference = await policy.snapshot()
    policy.setLogits(prompt, [], [-0.5, 0.6])
    const beta = 0.3
    const [withKl, without] = [
      await expectedUpdate(problem, grpo({ klCoefficient: beta }), 2, { reference }),
      await expectedUpdate(problem, grpo({ klCoefficient: 0 }), 2),
    ]
    const sequences = (await policy.completions(prompt)).map(({ tokens }) => ({ prompt, tokens }))
    const [now, frozen] = [await policy.score(sequences), await reference.score(sequences)]
    const texts = (await policy.completions(prompt)).map(({ text }) => text)
    // ∂k3/∂log π = 1 − π_ref/π, token by token
    const expected = await weightedScores(problem, ({ text, probability, tokens }) => {
      const i = texts.indexOf(text)
      const before = scoreOf(frozen[i]!, 'logprob')
      return scoreOf(now[i]!, 'logprob').map(
        (x, t) => (-beta * probability * (1 - Math.exp(before[t]! - x))) / tokens.length,
      )
    })
    const difference = withKl.map((x, j) => x - without[j]!)
    expect(
      distance(
        difference,
        expected.map((x) => 2 * x),
      ),
    ).toBeGreaterThan(1e-3)
    expect(distance(difference, expected)).toBeLessThan(1e-12)
  })

  it('reinforce++, whitened over the tokens of the batch', async () => {
    const problem = manyLengths()
    const algorithm = { ...reinforcePlusPlus({ klCoefficient: 0 }), aggregation: sequenceSum() }
    const expected = await expectedWeightedScores(problem, 3, (group) => {
      const rewards = group.map(rewardIn(problem))
      // γ = 1: every token's return is the reward of its sequence.
      const tokens = group.flatMap(({ tokens: t }, i) => t.map(() => rewards[i]!))
      const spread = Math.sqrt(mean(tokens.map((x) => (x - mean(tokens)) ** 2)))
      return rewards.map((reward) => (spread === 0 ? 0 : (reward - mean(tokens)) / spread / 3))
    })
    expect(distance(await expectedUpdate(problem, algorithm, 3), expected)).toBeLessThan(1e-12)
  })
})

describe('against the gradient of the objective', () => {
  const gradientOfMean = (problem: Problem): Promise<Float64Array> =>
    gradientOfExpectation(problem, 1, ([y]) => rewardIn(problem)(y!))
  const ratio = (a: Float64Array, b: Float64Array): number => norm(a) / norm(b)
  const norm = (a: Float64Array): number => Math.sqrt(a.reduce((sum, x) => sum + x * x, 0))
  const cosine = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, x, j) => sum + x * b[j]!, 0) / norm(a) / norm(b)

  it.each([2, 3, 4])('dr-grpo is (n − 1)/n of it over its constant, as it states, n = %i', async (n) => {
    const problem = manyLengths()
    const algorithm = drGrpo({ maxTokens: 5 })
    const expected = (await gradientOfMean(problem)).map((x) => (((n - 1) / n) * x) / 5)
    expect(distance(await expectedUpdate(problem, algorithm, n), expected)).toBeLessThan(1e-12)
    expect(algorithm.advantages.bias(n)).toEqual({ kind: 'scaled', factor: (n - 1) / n })
  })

  // Enumerations of the compendium, section 7, four completions with rewards 0, 0.3, 0.7, 1.
  it.each([
    [2, 1.0345, 0.9961],
    [3, 1.6001, 0.999],
    [4, 1.8938, 0.9993],
  ])('grpo turns it: n = %i, length %f, cosine %f', async (n, length, turned) => {
    const problem = oneToken([0, 0.3, 0.7, 1])
    const [update, gradient] = [
      await expectedUpdate(problem, grpo({ klCoefficient: 0 }), n),
      await gradientOfMean(problem),
    ]
    expect(ratio(update, gradient)).toBeCloseTo(length, 4)
    expect(cosine(update, gradient)).toBeCloseTo(turned, 4)
  })

  // With rewards 0 and 1 and one prompt there is one direction: only the scale is off, by a sum over how many are correct.
  const binomial = (n: number, c: number): number => (c === 0 ? 1 : (binomial(n - 1, c - 1) * n) / c)
  const scaleOf = (
    n: number,
    p: number,
    advantages: (c: number) => readonly [correct: number, wrong: number],
  ): number => {
    let scale = 0
    for (let c = 0; c <= n; c++) {
      const [correct, wrong] = advantages(c)
      const probability = binomial(n, c) * p ** c * (1 - p) ** (n - c)
      scale += probability * ((c === 0 ? 0 : (c * correct) / p) - (c === n ? 0 : ((n - c) * wrong) / (1 - p)))
    }
    return scale
  }
  const passAt2 = (n: number, c: number): number => 1 - ((n - c) * (n - c - 1)) / (n * (n - 1))
  const withSigma = (n: number, c: number): readonly [number, number] => {
    const R = passAt2(n, c)
    if (R === 0 || R === 1) return [0, 0]
    const sigma = Math.sqrt(R * (1 - R))
    return [(1 - R) / sigma / n, (1 - R - (n - c - 1) / (n - 1)) / sigma / n]
  }
  const binary = {
    grpo: {
      algorithm: grpo({ klCoefficient: 0 }),
      advantages: (n: number) => (c: number) => {
        const sd = Math.sqrt((c * (n - c)) / n / (n - 1))
        return c === 0 || c === n ? ([0, 0] as const) : ([(1 - c / n) / sd / n, -c / n / sd / n] as const)
      },
    },
    'pass@2-training': {
      algorithm: passAtKTraining({ k: 2 }),
      advantages: (n: number) => (c: number) => withSigma(n, c),
    },
  }
  it.each(Object.entries(binary))('%s is off by a factor that depends on the prompt', async (_, row) => {
    for (const n of [3, 4]) {
      const problem = oneToken([0, 1, 0, 1])
      const completions = await problem.policy.completions(problem.prompt)
      const p = completions.reduce((sum, y) => sum + rewardIn(problem)(y) * y.probability, 0)
      const scale = scaleOf(n, p, row.advantages(n))
      const expected = (await gradientOfMean(problem)).map((x) => scale * x)
      expect(distance(await expectedUpdate(problem, row.algorithm, n), expected)).toBeLessThan(1e-12)
      expect(row.algorithm.advantages.bias(n).kind).toBe('direction-changing')
    }
  })

  // Compendium 1.3: ratios of the centred and of the standardised leave-one-out estimator of pass@k, n = k.
  it.each([
    [2, 0.787, 1.414],
    [3, 1.049, 1.732],
    [4, 1.18, 2],
  ])('centred and standardised pass@%i are %f and %f times as long', async (k, centredRatio, standardisedRatio) => {
    const problem = oneToken([0, 1, 0, 1])
    const objective = passAtKObjective({ k })
    const gradient = await gradientOfExpectation(problem, k, (group) => Math.max(...group.map(rewardIn(problem))))
    const centredUpdate = await expectedUpdate(problem, centred(objective), k)
    expect(ratio(centredUpdate, gradient)).toBeCloseTo(centredRatio, 3)
    expect(cosine(centredUpdate, gradient)).toBeCloseTo(1, 6)
    expect(ratio(await expectedUpdate(problem, standardised(objective), k), gradient)).toBeCloseTo(standardisedRatio, 3)
  })
})
