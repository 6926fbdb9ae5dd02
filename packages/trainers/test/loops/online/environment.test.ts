import { createStream, scoreOf, sequenceOf, sum, type Task } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import { TabularPolicy } from '@posttrain/models'
import { collect, environmentReward, environmentSampler, evaluate, type Environment } from '@posttrain/sampling'
import { train } from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'

/** A tool shows x or y, as a coin falls; who asks it and repeats what it showed is right. Without asking nobody can be. */
const coin: Environment = {
  name: 'coin',
  async start(_, { seed, id, index }) {
    const face = createStream(seed, 'coin', id, index).uniform() < 0.5 ? 'x' : 'y'
    let asked = false
    return {
      async step(said) {
        if (asked) return { observation: '', done: true, reward: said.trim() === face ? 1 : 0 }
        asked = true
        return said === 'ask' ? { observation: ` ${face}`, done: false } : { observation: '', done: true, reward: 0 }
      },
      async close() {},
    }
  },
}
const tasks: readonly Task[] = ['p', 'q'].map((id) => ({ id, prompt: id }))
const policyOf = (): TabularPolicy =>
  new TabularPolicy({ prompts: tasks.map(({ id }) => id), words: ['ask', 'x', 'y'], length: 3 })
const limits = { maxTurns: 2, maxTokensPerTurn: 1 }

describe('a task with a tool', () => {
  it('records log-probs across turns that equal those of one pass over the episode', async () => {
    const policy = policyOf()
    policy.setLogits('p', [], [1, 0.5, -0.25])
    policy.setLogits('p', [0, 1], [0.125, 0.75, -0.5])
    const sampler = environmentSampler(policy, coin, limits)
    const [samples] = await collect(sampler, [{ task: tasks[0]!, count: 64, seed: 1 }])
    const scores = await policy.score(samples!.map((sample) => sequenceOf(tasks[0]!, sample)))
    const lengths = new Set<number>()
    samples!.forEach(({ logprobs, tokens }, i) => {
      lengths.add(tokens!.length)
      expect([...scoreOf(scores[i]!, 'logprob')]).toEqual([...Array.from(logprobs!.values)])
    })
    expect(lengths).toEqual(new Set([1, 3]))
  })

  it('is learned: the tokens of the tool are nobody’s choice', async () => {
    const policy = policyOf()
    const sampler = environmentSampler(policy, coin, limits)
    const success = async (): Promise<number> => {
      const objectives = [meanObjective()]
      const report = await evaluate({
        sampler,
        tasks,
        reward: environmentReward,
        objectives,
        samplesPerTask: 400,
        seed: 9,
      })
      return report.estimates[0]!.value
    }
    const before = await success() // 1/3 asks, and 1/3 of those repeats what it saw
    expect(before).toBeGreaterThan(0.07)
    expect(before).toBeLessThan(0.15)
    const steps = await train({
      policy,
      samplerAt: () => sampler,
      tasks,
      reward: environmentReward,
      objective: meanObjective(),
      promptsPerStep: 2,
      samplesPerPrompt: 32,
      optimizer: { learningRate: 0.1 },
      steps: 80,
    })
    expect(await success()).toBeGreaterThan(0.95)
    expect(steps.at(-1)!.reward).toBeGreaterThan(0.9)
    expect(sum(steps.map(({ failed }) => failed))).toBe(0)
  })
})
