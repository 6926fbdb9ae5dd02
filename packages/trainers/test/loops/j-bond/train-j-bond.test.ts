import { scoreOf, type RewardFunction } from '@posttrain/core'
import { bestOfNDistribution, fromProbabilities, klDivergence } from '@posttrain/kl'
import { averageCheckpoints, TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { trainJBond, type JBondStep, type TrainJBondOptions } from '../../../src/loops/j-bond/train-j-bond.js'

const words = ['a', 'b', 'c', 'd']
const rewards: Record<string, number> = { a: 0, b: 1, c: 1, d: 3 }
const reward: RewardFunction = {
  name: 'letter',
  score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: rewards[text]! })),
}
const newPolicy = (): TabularPolicy => {
  const policy = new TabularPolicy({ prompts: ['x', 'y'], words })
  for (const prompt of ['x', 'y']) policy.setLogits(prompt, [], [0.4, 0.3, 0.2, 0.1].map(Math.log))
  return policy
}
const tasks = ['x', 'y'].flatMap((prompt) => Array.from({ length: 8 }, (_, i) => ({ id: `${prompt}${i}`, prompt })))
const settings = (): TrainJBondOptions => ({
  policy: newPolicy(),
  anchor: newPolicy(),
  average: averageCheckpoints,
  tasks,
  reward,
  steps: 120,
  optimizer: { learningRate: 0.05 },
  seed: 1,
})
const run = async (options: TrainJBondOptions): Promise<JBondStep[]> => {
  const steps: JBondStep[] = []
  for await (const step of trainJBond(options)) steps.push(step)
  return steps
}
const probabilities = async (policy: TrainJBondOptions['policy']): Promise<number[]> =>
  (await policy.score(words.map((_, token) => ({ prompt: 'x', tokens: [token] })))).map((scores) =>
    Math.exp(scoreOf(scores, 'logprob')[0]!),
  )

describe('trainJBond', () => {
  it('with an anchor that stays is drawn to best-of-2 of it', async () => {
    const options = { ...settings(), anchorRate: 0 }
    const steps = await run(options)
    const bo2 = fromProbabilities(bestOfNDistribution(fromProbabilities([0.4, 0.3, 0.2, 0.1]), [0, 1, 1, 3], 2))
    const distance = klDivergence(fromProbabilities(await probabilities(options.policy)), bo2)
    const before = klDivergence(fromProbabilities([0.4, 0.3, 0.2, 0.1]), bo2)
    expect(distance).toBeLessThan(before / 4)
    expect(steps).toHaveLength(120)
    expect(await probabilities(options.anchor)).toEqual(
      [0.4, 0.3, 0.2, 0.1].map((p) => expect.closeTo(p, 12) as number),
    )
  })

  it('with an anchor that follows goes far beyond best-of-2, a little at a time', async () => {
    const options = { ...settings(), anchorRate: 0.1 }
    const steps = await run(options)
    const last = steps.slice(-20)
    const mean = (of: (step: JBondStep) => number): number =>
      last.reduce((sum, step) => sum + of(step), 0) / last.length
    expect((await probabilities(options.policy))[3]).toBeGreaterThan(0.6) // best-of-2 has 0.19
    expect((await probabilities(options.policy))[0]).toBeLessThan(0.01)
    expect(mean(({ anchorKl }) => anchorKl)).toBeLessThan(0.5)
    expect(mean((step) => step.reward)).toBeGreaterThan(2)
    expect(mean((step) => step.bestOfTwo)).toBeGreaterThan(2)
  })

  it('continued from saved weights is the uninterrupted run', async () => {
    const whole = settings()
    await run({ ...whole, steps: 12 })
    const first = settings()
    await run({ ...first, steps: 7 })
    const second = settings()
    await second.policy.load(await first.policy.save({ optimizer: true }))
    await second.anchor.load(await first.anchor.save())
    await run({ ...second, startStep: 7, steps: 12 })
    expect(await second.policy.save({ optimizer: true })).toEqual(await whole.policy.save({ optimizer: true }))
  })

  it('leaves out prompts with an unscored sample, and counts them', async () => {
    const flaky: RewardFunction = {
      name: 'flaky',
      score: async ({ id }, samples, options) =>
        id === 'x0'
          ? samples.map(() => ({ kind: 'unscored', reason: 'timeout' }))
          : reward.score({ id, prompt: id }, samples, options),
    }
    const [step] = await run({ ...settings(), reward: flaky, steps: 1 })
    expect(step!.unscored).toBe(1)
  })

  it('refuses an anchor that is the policy, and no tasks', async () => {
    const options = settings()
    await expect(run({ ...options, anchor: options.policy })).rejects.toThrow('anchor is the policy itself')
    await expect(run({ ...options, tasks: [] })).rejects.toThrow('tasks is empty')
  })
})
