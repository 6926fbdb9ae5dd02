import {
  createStream,
  textPrompt,
  type RewardFunction,
  type Sample,
  type Task,
  type TrainablePolicy,
} from '@posttrain/core'
import { pairedDifference } from '@posttrain/estimators'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { expensiveDensity } from '../../src/budget/expensive-density.js'
import { ibpo } from '../../src/algorithms/ibpo.js'
import { train } from '../../src/loops/online/train-online.js'
import { warmupThenDecay } from '../../src/loops/schedule.js'

/** Kinds of problem, a quarter of all each: how often a standard and an expensive response solve it. */
const kinds: Readonly<Record<string, readonly [number, number]>> = {
  easy: [0.95, 0.95],
  medium: [0.6, 0.8],
  hard: [0.2, 0.9],
  hopeless: [0, 0],
}
const prompts = Object.keys(kinds)
const tasksOf = (split: string, count: number): Task[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${split} ${i}`, prompt: prompts[i % 4]! }))
const costGroupOf = ({ text }: Sample): number => (text === 'trials' ? 1 : 0)

/** Right or wrong by the task, the kind of response and the sample, for good: a rerun finds the same. */
const reward: RewardFunction = {
  name: 'solved',
  score: async (task, samples) =>
    samples.map((sample) => {
      const chance = kinds[textPrompt(task)]![costGroupOf(sample)]!
      const u = createStream(sample.seed, 'verdict', sample.id, sample.index).uniform()
      return { kind: 'scored', reward: u < chance ? 1 : 0 }
    }),
}
const newPolicy = (): TabularPolicy => new TabularPolicy({ prompts, words: ['short', 'trials'] })
const heldOut = tasksOf('held out', 400)

async function trained(share: number, unsolved: 'shorten' | 'skip' = 'shorten'): Promise<TabularPolicy> {
  const policy = newPolicy()
  const algorithm = ibpo({ costGroupOf, budgets: [{ groups: [1], share }], unsolved })
  const settings = { policy, tasks: tasksOf('train', 400), reward, algorithm, steps: 60, promptsPerStep: 40, seed: 1 }
  await train({ ...settings, samplesPerPrompt: 12, optimizer: { learningRate: warmupThenDecay(0.15, 60, 4) } })
  return policy
}

/** Expected accuracy on each held-out task, exactly. */
async function accuracies(probabilityOfTrials: (prompt: string) => Promise<number>): Promise<number[]> {
  const byKind = new Map<string, number>()
  for (const prompt of prompts) {
    const q = await probabilityOfTrials(prompt)
    byKind.set(prompt, (1 - q) * kinds[prompt]![0] + q * kinds[prompt]![1])
  }
  return heldOut.map((task) => byKind.get(textPrompt(task))!)
}
const expensiveIn =
  (policy: TabularPolicy) =>
  async (prompt: string): Promise<number> =>
    (await policy.completions(prompt))[1]!.probability

const density = (sampler: TrainablePolicy, share: number) =>
  expensiveDensity({ sampler, tasks: heldOut, costGroupOf, share, seed: 9 })

describe('ibpo', () => {
  // The best that can be had: hard problems first (gain .7), then medium ones (gain .2); a quarter of all each.
  it.each([
    [0.25, (0.95 + 0.6 + 0.9 + 0) / 4],
    [0.5, (0.95 + 0.8 + 0.9 + 0) / 4],
    [0.75, (0.95 + 0.8 + 0.9 + 0) / 4],
  ])(
    'q₊ = %d: stays within the budget on held-out prompts and beats a random policy that spends as much',
    async (share, best) => {
      const policy = await trained(share)
      const report = await density(policy, share)
      const exact = await Promise.all(prompts.map(expensiveIn(policy)))
      const spent = exact.reduce((a, b) => a + b, 0) / 4
      // Where the budget binds it is spent in full, so that the interval holds it; 1 % is what the noise of 60 steps leaves.
      expect(report.verdict).not.toBe('exceeded')
      expect(spent).toBeLessThan(share + 0.01)
      expect(report.density.interval.lower).toBeLessThan(spent)
      expect(report.density.interval.upper).toBeGreaterThan(spent)

      const own = await accuracies(expensiveIn(policy))
      const random = await accuracies(async () => spent)
      const { difference, interval } = pairedDifference(random, own)
      expect(interval.lower).toBeGreaterThan(0)
      expect(difference).toBeGreaterThan(0.03)
      const mean = own.reduce((a, b) => a + b, 0) / own.length
      expect(Math.abs(mean - best)).toBeLessThan(0.03)
    },
  )

  it('q₊ = 0 makes every prompt standard, and unsolved prompts that are skipped keep spending', async () => {
    const [held, skipped] = [await trained(0), await trained(0, 'skip')]
    expect((await density(held, 0.05)).verdict).toBe('within')
    expect((await density(skipped, 0.05)).verdict).toBe('exceeded')
    expect(await expensiveIn(skipped)('hopeless')).toBeCloseTo(0.5, 12)
  })
})
