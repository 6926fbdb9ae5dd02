import type { Outcome, RewardFunction, Sample } from '@posttrain/core'
import { passAtKFromProbability } from '@posttrain/estimators'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { iterate } from '../../../src/loops/iterate/iterate.js'
import {
  keepAllCorrect,
  keepBest,
  keepDistinct,
  keepOnePerTask,
  type KeepRule,
} from '../../../src/loops/iterate/keep-rules.js'
import { selfImprovement } from '../../../src/loops/iterate/self-improvement.js'
import { supervisedLoss } from '@posttrain/losses'
import { trainOffline } from '../../../src/loops/offline/train-offline.js'
import { script } from './scripted-policy.js'

const words = ['a', 'b', 'c', 'd']
const logits = [0.2, -0.3, 0.5, -0.1]
const total = logits.reduce((sum, x) => sum + Math.exp(x), 0)
const pi = logits.map((x) => Math.exp(x) / total)
const tasks = [{ id: 'x', prompt: 'x' }]

const rewardOf = (rewards: readonly number[]): RewardFunction => ({
  name: 'table',
  score: async (_, samples) =>
    samples.map(({ tokens }): Outcome => ({ kind: 'scored', reward: rewards[tokens![0]!]! })),
})

/** The update of one round, (1/n) Σ ∇log π over what was kept, in the logits; for the samples given. */
async function updateOf(keep: KeepRule, rewards: readonly number[], drawn: readonly number[]): Promise<number[]> {
  const policy = script(new TabularPolicy({ prompts: ['x'], words }), () => drawn)
  policy.setLogits('x', [], logits)
  let update = words.map(() => 0)
  // The step is where the gradient can be seen; it is not taken.
  policy.step = async () => {
    update = Array.from(await policy.gradient(), (x) => -x)
    return { gradientNorm: 0 }
  }
  const rounds = iterate({
    policy,
    tasks,
    reward: rewardOf(rewards),
    algorithm: { ...selfImprovement['rest-em'], from: 'current', keep },
    rounds: 1,
    samplesPerTask: drawn.length,
    train({ items }) {
      // The mean over what was kept, times kept/drawn.
      const batch = items.map((item) => ({ ...item, weight: items.length / drawn.length }))
      return trainOffline({
        model: policy,
        loss: supervisedLoss(),
        batch: () => batch,
        steps: 1,
        optimizer: { learningRate: 0 },
      })
    },
  })
  for await (const event of rounds) if (event.kind === 'stopped') throw event.reason
  return update
}

/** Its expectation over all groups of n samples. */
async function expectedUpdate(keep: KeepRule, rewards: readonly number[], n: number): Promise<number[]> {
  const expected = words.map(() => 0)
  for (let code = 0; code < words.length ** n; code++) {
    const drawn = Array.from({ length: n }, (_, i) => Math.floor(code / words.length ** i) % words.length)
    const probability = drawn.reduce((product, y) => product * pi[y]!, 1)
    const update = await updateOf(keep, rewards, drawn)
    update.forEach((x, j) => (expected[j]! += probability * x))
  }
  return expected
}

/** Σ_y w(y) ∇log π(y). */
const weightedScore = (weights: readonly number[]): number[] => {
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((w, j) => w - sum * pi[j]!)
}
const close = (actual: readonly number[], exact: readonly number[]): void => {
  actual.forEach((x, j) => expect(Math.abs(x - exact[j]!)).toBeLessThan(1e-10))
  expect(Math.max(...exact.map(Math.abs))).toBeGreaterThan(0.01)
}

describe.each([1, 2, 3])('the expected update of a round with %i samples', (n) => {
  const binary = [0, 1, 0, 1]
  const p = pi[1]! + pi[3]!
  const meanGradient = weightedScore(pi.map((x, y) => x * binary[y]!))

  it('is the gradient of the mean reward, if all that is correct is kept', async () => {
    close(await expectedUpdate(keepAllCorrect(), binary, n), meanGradient)
    // ∂E[r]/∂θ by central differences, independent of the score identity.
    const meanReward = (change: number, j: number): number => {
      const weights = logits.map((x, i) => Math.exp(x + (i === j ? change : 0)))
      return weights.reduce((s, w, i) => s + w * binary[i]!, 0) / weights.reduce((s, w) => s + w, 0)
    }
    meanGradient.forEach((x, j) => expect(x).toBeCloseTo((meanReward(1e-5, j) - meanReward(-1e-5, j)) / 2e-5, 9))
    expect(keepAllCorrect().bias(n)).toEqual({ kind: 'exact' })
  })

  it('is the gradient of Σⱼ pass@j / (j n), if one correct sample per task is kept', async () => {
    const objective = (q: number): number => {
      let sum = 0
      for (let j = 1; j <= n; j++) sum += passAtKFromProbability(q, j) / (j * n)
      return sum
    }
    const slope = (objective(p + 1e-6) - objective(p - 1e-6)) / 2e-6
    const update = await expectedUpdate(keepOnePerTask(), binary, n)
    const factor = (1 - (1 - p) ** n) / (n * p)
    expect(slope).toBeCloseTo(factor, 8)
    close(
      update,
      meanGradient.map((x) => factor * x),
    )
    expect(keepOnePerTask().bias(n).kind).toBe(n === 1 ? 'exact' : 'direction-changing')
  })

  it('counts a correct completion by its chance to turn up, if distinct ones are kept', async () => {
    const weights = pi.map((x, y) => (binary[y]! * (1 - (1 - x) ** n)) / n)
    close(await expectedUpdate(keepDistinct(), binary, n), weightedScore(weights))
    if (n > 1) {
      // Not parallel to the gradient of the mean: rare correct completions gain.
      const ratios = weights.map((w, y) => w / pi[y]!).filter((x) => x > 0)
      expect(ratios[0]! / ratios[1]!).toBeGreaterThan(1.01)
    }
    expect(keepDistinct().bias(n).kind).toBe(n === 1 ? 'exact' : 'direction-changing')
  })

  it('is the gradient of −KL(best-of-n ‖ π) / n, if the best is kept', async () => {
    const rewards = [0, 0.3, 0.7, 1]
    const below = (y: number): number => pi.slice(0, y).reduce((sum, x) => sum + x, 0)
    const bestOfN = pi.map((_, y) => below(y + 1) ** n - below(y) ** n)
    const exact = bestOfN.map((x, j) => (x - pi[j]!) / n)
    const update = await expectedUpdate(keepBest(), rewards, n)
    update.forEach((x, j) => expect(Math.abs(x - exact[j]!)).toBeLessThan(1e-10))
    expect(keepBest().bias(n).kind).toBe(n === 1 ? 'scaled' : 'direction-changing')
    if (n === 1) expect(Math.max(...update.map(Math.abs))).toBeLessThan(1e-12)
  })
})

describe('keep rules', () => {
  const samples = ['A', 'B', 'A', 'C'].map((text, index): Sample => ({
    id: 'x',
    taskId: 'x',
    index,
    seed: 0,
    text,
    finish: 'stop',
    usage: { promptTokens: 1, completionTokens: 1 },
  }))
  const kept = (rule: KeepRule, ...values: number[]): readonly number[] =>
    rule.keep({ task: tasks[0]!, samples, outcomes: values.map((reward) => ({ kind: 'scored', reward })) })

  it('keep indices in order, from a reward on', () => {
    expect(kept(keepAllCorrect(), 1, 0.5, 1, 2)).toEqual([0, 2, 3])
    expect(kept(keepAllCorrect(0.5), 1, 0.5, 1, 0)).toEqual([0, 1, 2])
    expect(kept(keepDistinct(), 1, 0, 1, 1)).toEqual([0, 3])
    expect(kept(keepDistinct({ key: () => '' }), 0, 1, 1, 1)).toEqual([1])
    expect(kept(keepOnePerTask(), 0, 0, 1, 1)).toEqual([2])
    expect(kept(keepOnePerTask(), 0, 0, 0, 0)).toEqual([])
  })

  it('keep the first of the best, where it is good enough', () => {
    expect(kept(keepBest(), -2, -1, -1, -3)).toEqual([1])
    expect(kept(keepBest(0), -2, -1, -1, -3)).toEqual([])
    expect(keepBest(0.5).name).toBe('best of at least 0.5')
    expect(keepBest().keep({ task: tasks[0]!, samples: [], outcomes: [] })).toEqual([])
  })
})
