import { describe, expect, it } from 'vitest'
import { TabularPolicy } from '@posttrain/models'
import { escapeTime, gradientFlow } from '@posttrain/recipes'
import { solvablePolicy } from '../../src/pattern-selection/solvable-policy.js'

const FAST = { shares: [0.5, 0.3, 0.2], rewards: [0.9, 0.4, 0.3] }
const SLOW = { shares: [0.05, 0.7, 0.25], rewards: [0.9, 0.6, 0.1] }
const words = ['first', 'second', 'third']

/** AdamW that is plain gradient descent: no memory, and an ε beside which no gradient counts. */
const plain = (learningRate: number) => ({ learningRate: learningRate * 1e8, betas: [0, 0] as const, epsilon: 1e8 })

function tableOf(prompts: readonly string[], shares: readonly number[]): TabularPolicy {
  const policy = new TabularPolicy({ prompts, words })
  for (const prompt of prompts) policy.setLogits(prompt, [], shares.map(Math.log))
  return policy
}

const sharesOf = async (policy: TabularPolicy, prompt: string): Promise<number[]> =>
  (await policy.completions(prompt)).map(({ probability }) => probability)

/** Steps up the exact gradient of Σ_r w_r(π)·log π_r with w held: of the mean reward for w = π·R. */
async function ascend(
  policy: TabularPolicy,
  weights: (shares: readonly number[]) => readonly number[],
  steps: number,
  rate: number,
): Promise<void> {
  const sequences = words.map((_, token) => ({ prompt: 'x', tokens: [token] }))
  for (let step = 0; step < steps; step++) {
    const of = weights(await sharesOf(policy, 'x'))
    const pass = await policy.forward(sequences)
    await pass.backward(of.map((weight) => ({ logprob: Float64Array.of(-weight) })))
    await policy.step(plain(rate))
  }
}

const reinforced =
  (rewards: readonly number[]) =>
  (shares: readonly number[]): number[] =>
    shares.map((share, r) => share * rewards[r]!)

describe('a table trained on exact gradients', () => {
  it.each([
    { name: 'fast', training: FAST, time: 20 },
    { name: 'slow', training: SLOW, time: 120 },
  ])('follows the flow up to O(rate): $name', async ({ training, time }) => {
    const [predicted] = gradientFlow(training, [time])
    const errorAt = async (rate: number): Promise<number> => {
      const policy = tableOf(['x'], training.shares)
      await ascend(policy, reinforced(training.rewards), Math.round(time / rate), rate)
      const observed = await sharesOf(policy, 'x')
      return Math.max(...observed.map((share, r) => Math.abs(share - predicted![r]!)))
    }
    const [coarse, fine] = [await errorAt(0.4), await errorAt(0.2)]
    // Seen: 0.00054 and 0.00091; half the rate has half the error.
    expect(fine).toBeLessThan(0.001)
    expect(coarse / fine).toBeCloseTo(2, 1)
  })

  it('leaves the slow regime sooner after a short supervised phase, as predicted', async () => {
    const policy = tableOf(['x'], SLOW.shares)
    await ascend(policy, () => [1, 0, 0], 8, 0.25)
    const taught = await sharesOf(policy, 'x')
    const [alone, after] = [SLOW.shares, taught].map((shares) => escapeTime({ ...SLOW, shares }, { pattern: 0 })!)
    expect([alone!, after!].map(Math.round)).toEqual([115, 23])
    const steps = (after! / 0.25) | 0 // one short of the predicted one, and the error of the rate
    await ascend(policy, reinforced(SLOW.rewards), steps, 0.25)
    expect((await sharesOf(policy, 'x'))[0]).toBeCloseTo(0.9, 2)
    const untaught = tableOf(['x'], SLOW.shares)
    await ascend(untaught, reinforced(SLOW.rewards), steps, 0.25)
    expect((await sharesOf(untaught, 'x'))[0]).toBeLessThan(0.05)
  })
})

describe('a table trained online', () => {
  it.each([
    { name: 'fast', training: FAST, rate: 0.25, steps: 40 },
    { name: 'slow', training: SLOW, rate: 0.5, steps: 40 },
  ])('ends with the predicted shares, within the interval: $name', async ({ training, rate, steps }) => {
    for (const { predicted, interval } of await solvablePolicy({ ...training, rate, steps, seed: 1 })) {
      const { lower, upper } = interval
      expect(lower).toBeLessThan(predicted)
      expect(upper).toBeGreaterThan(predicted)
      expect(upper - lower).toBeLessThan(0.03)
    }
  })
})
