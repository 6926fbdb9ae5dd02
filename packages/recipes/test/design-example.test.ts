import { readFileSync } from 'node:fs'
import { createWasmDevice } from '@posttrain/compute'
import type { Procedure, RewardFunction, Task, TrainablePolicy } from '@posttrain/core'
import { TabularPolicy, TransformerPolicy } from '@posttrain/models'
import { checkpointPath, createRecipe } from '@posttrain/recipes'
import { evaluate, majorityVote } from '@posttrain/sampling'
import { train } from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'

interface Case {
  readonly name: string
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  readonly answerOf: NonNullable<Procedure['answerOf']>
  readonly createPolicy: () => Promise<TrainablePolicy>
  readonly learningRate: number
  readonly steps: number
}

const tabular: Case = {
  name: 'a TabularPolicy',
  tasks: ['x', 'y'].map((prompt) => ({ id: prompt, prompt })),
  reward: {
    name: 'c',
    score: async (_, samples) =>
      samples.map(({ text }) => ({ kind: 'scored', reward: text === 'c' ? 1 : 0, answer: text })),
  },
  answerOf: ({ text }) => text,
  createPolicy: async () => new TabularPolicy({ prompts: ['x', 'y'], words: ['a', 'b', 'c'] }),
  learningRate: 0.1,
  steps: 60,
}

const multiplication = createRecipe('multiplication')
const transformer: Case = {
  name: 'the transformer',
  tasks: multiplication.tasks.train.slice(0, 8),
  reward: multiplication.reward,
  answerOf: multiplication.answerOf,
  createPolicy: async () =>
    TransformerPolicy.fromCheckpoint(await createWasmDevice(), readFileSync(checkpointPath('multiplication'))),
  learningRate: 5e-5,
  steps: 40,
}

describe.each([tabular, transformer])('the four lines of the design, on $name', ({ tasks, reward, ...given }) => {
  it('declare, estimate, train for and deploy one procedure', async () => {
    const policy = await given.createPolicy()
    const task = tasks[0]!
    const samplesPerTask = 32
    const optimizer = { learningRate: given.learningRate }

    const vote = majorityVote({ k: 8, answerOf: given.answerOf })
    const before = await evaluate({ sampler: policy, tasks, reward, procedure: vote, samplesPerTask })
    await train({ policy, tasks, reward, procedure: vote, optimizer, steps: given.steps })
    const after = await evaluate({ sampler: policy, tasks, reward, procedure: vote, samplesPerTask })
    const { answer, reason, samples } = await vote.run(policy, task)

    expect(before.estimates[0]).toMatchObject({
      name: 'maj@8',
      tasks: tasks.length,
      unscoredPolicy: 'count-as-failure',
    })
    expect(after.estimates[0]!.value).toBeGreaterThan(before.estimates[0]!.value + 0.1)
    expect(samples).toHaveLength(8)
    const read = samples.map((sample) => given.answerOf(sample, task))
    const votersOf = (key: string | undefined): number => read.filter((one) => one === key).length
    expect(votersOf(answer)).toBe(Math.max(...read.filter((key) => key !== undefined).map(votersOf)))
    expect(reason).toContain(String(votersOf(answer)))
  })
})
