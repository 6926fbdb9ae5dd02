import type { Outcome, RewardFunction, Sample, Task } from '@posttrain/core'
import { majorityObjective, maxAtKObjective, meanObjective, passAtKObjective } from '@posttrain/estimators'
import { TabularPolicy } from '@posttrain/models'
import { policyGradient, ppoClipLoss, train, trainOnline, type TrainOnlineOptions } from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'

const words = ['a', 'b', 'c', 'd']
const rewards: Record<string, number> = { a: 0, b: 1, c: 0, d: 1 }
const reward: RewardFunction = {
  name: 'b or d',
  score: async (_: Task, samples: readonly Sample[]) =>
    samples.map(({ text }): Outcome => ({ kind: 'scored', reward: rewards[text.at(-1)!]!, answer: text.at(-1)! })),
}
const tasks = ['x', 'y', 'z'].map((prompt) => ({ id: prompt, prompt }))
const newPolicy = (): TabularPolicy => {
  const policy = new TabularPolicy({ prompts: ['x', 'y', 'z'], words, length: 2 })
  for (const { prompt } of tasks) policy.setLogits(prompt, [1], [0.2, -0.3, 0.5, -0.1])
  return policy
}
const options = (policy: TabularPolicy): TrainOnlineOptions => ({
  policy,
  tasks,
  reward,
  objective: passAtKObjective({ k: 4 }),
  steps: 8,
  promptsPerStep: 2,
  samplesPerPrompt: 8,
  optimizer: { learningRate: 0.1 },
  seed: 3,
})

describe('one update', () => {
  const objectives = [
    meanObjective(),
    passAtKObjective({ k: 2 }),
    passAtKObjective({ k: 3 }),
    maxAtKObjective({ k: 2 }),
    majorityObjective({ k: 3 }),
  ]
  it.each(objectives)('is on average the gradient of the objective: $name', async (objective) => {
    const n = 3
    const policy = new TabularPolicy({ prompts: ['x'], words })
    policy.setLogits('x', [], [0.2, -0.3, 0.5, -0.1])
    const completions = await policy.completions('x')
    const outcomes = words.map((text) => ({ kind: 'scored' as const, reward: rewards[text]!, answer: text }))
    const p = completions.map(({ probability }) => probability)

    // Over every possible group of n samples: the expected cotangent of each completion, and the exact gradient of
    // E[estimate] by the score identity ∂P/∂θⱼ = P · Σᵢ (1[yᵢ = j] − pⱼ).
    const expectedAdvantage = words.map(() => 0)
    const exact = words.map(() => 0)
    for (let code = 0; code < words.length ** n; code++) {
      const group = Array.from({ length: n }, (_, i) => Math.floor(code / words.length ** i) % words.length)
      const probability = group.reduce((product, y) => product * p[y]!, 1)
      const drawn = group.map((y) => outcomes[y]!)
      objective.advantages(drawn).forEach((a, i) => (expectedAdvantage[group[i]!]! += probability * a))
      const value = objective.estimate(drawn)
      words.forEach((_, j) => {
        const score = group.reduce((sum, y) => sum + (y === j ? 1 : 0) - p[j]!, 0)
        exact[j]! += probability * value * score
      })
    }
    const pass = await policy.forward(completions.map(({ tokens }) => ({ prompt: 'x', tokens })))
    await pass.backward(expectedAdvantage.map((a) => ({ logprob: Float64Array.of(a) })))
    const gradient = await policy.gradient()
    words.forEach((_, j) => expect(gradient[j]).toBeCloseTo(exact[j]!, 12))
    expect(Math.max(...exact.map(Math.abs))).toBeGreaterThan(0.01)
  })
})

describe('trainOnline', () => {
  it('continued from saved weights and optimizer state is the uninterrupted run', async () => {
    const whole = newPolicy()
    const steps = await train(options(whole))

    const first = newPolicy()
    await train({ ...options(first), steps: 5 })
    const second = newPolicy()
    await second.load(await first.save({ optimizer: true }))
    const rest = await train({ ...options(second), startStep: 5 })

    expect(rest.map((s) => s.reward)).toEqual(steps.slice(5).map((s) => s.reward))
    expect(await second.save({ optimizer: true })).toEqual(await whole.save({ optimizer: true }))
  })

  it('reports what it drew', async () => {
    for await (const step of trainOnline(options(newPolicy()))) {
      if (step.kind !== 'step') throw new Error(step.kind)
      const samples = step.groups.flatMap((group) => group.samples)
      const rewards = step.groups.flatMap((group) => group.outcomes.map((outcome) => outcome.reward))
      expect(samples).toHaveLength(16)
      expect(step.reward).toBeCloseTo(rewards.reduce((a, b) => a + b) / 16, 12)
      expect(step.tokens).toBe(16 * 3)
      expect(step.entropy).toBeGreaterThan(0.1)
      expect(step.entropy).toBeLessThan(Math.log(4) + 0.5)
    }
  })

  it('reaches the optimum of each objective', async () => {
    for (const objective of [meanObjective(), passAtKObjective({ k: 4 }), majorityObjective({ k: 3 })]) {
      const policy = newPolicy()
      for (const { prompt } of tasks) for (let w = 0; w < 4; w++) policy.setLogits(prompt, [w], [1.5, 0, 1.5, 0])
      const steps = await train({ ...options(policy), objective, steps: 150, promptsPerStep: 3 })
      expect(steps[0]!.objective).toBeLessThan(0.8)
      expect(steps.at(-1)!.objective).toBeGreaterThan(0.95)
    }
  })

  it('with the clipped surrogate takes the same first step as with the plain policy gradient', async () => {
    const { objective, ...rest } = options(newPolicy())
    const algorithm = { ...policyGradient(objective!), loss: ppoClipLoss() }
    const [plain, clipped] = [newPolicy(), newPolicy()]
    await train({ ...options(plain), steps: 1 })
    await train({ ...rest, policy: clipped, algorithm, steps: 1 })
    const [a, b] = [await plain.logits(), await clipped.logits()]
    a.forEach((x, i) => expect(b[i]).toBeCloseTo(x, 12))
  })

  it('refuses what cannot work before it draws anything', async () => {
    const policy = newPolicy()
    policy.sample = () => {
      throw new Error('drawn')
    }
    const refused = (change: Partial<TrainOnlineOptions>): Promise<unknown> => train({ ...options(policy), ...change })
    const row = policyGradient(passAtKObjective({ k: 4 }))
    await expect(refused({ samplesPerPrompt: 3 })).rejects.toThrow('the algorithm pass@4 needs at least 4 samples')
    await expect(refused({ tasks: [] })).rejects.toThrow('tasks is empty')
    const twice = { ...row, flow: { epochs: 2 } }
    await expect(refused({ algorithm: twice })).rejects.toThrow('the loss policy-gradient is right for one update')
    const critic = { ...row, loss: { ...ppoClipLoss(), needs: ['value' as const] } }
    await expect(refused({ algorithm: critic })).rejects.toThrow(
      'pass@4 differentiates value, which this policy cannot',
    )
    await expect(refused({})).rejects.toThrow('drawn')
  })

  it('never trains on an unscored sample', async () => {
    const flaky: RewardFunction = {
      name: 'flaky',
      score: async (task, samples) =>
        (await reward.score(task, samples)).map((outcome, i) =>
          i === 1 ? { kind: 'unscored', reason: 'timeout' } : outcome,
        ),
    }
    await expect(train({ ...options(newPolicy()), reward: flaky })).rejects.toThrow('sample 1 was not scored: timeout')
    const [step] = await train({ ...options(newPolicy()), reward: flaky, unscored: 'exclude', steps: 1 })
    expect(step!.unscored).toBe(2)
    expect(step!.groups.map((group) => group.advantages.length)).toEqual([7, 7])
  })

  it('stops between steps when told to', async () => {
    const controller = new AbortController()
    const seen: number[] = []
    const run = async (): Promise<void> => {
      for await (const { step } of trainOnline({ ...options(newPolicy()), signal: controller.signal })) {
        seen.push(step)
        if (step === 2) controller.abort()
      }
    }
    await expect(run()).rejects.toMatchObject({ code: 'aborted' })
    expect(seen).toEqual([0, 1, 2])
  })
})
