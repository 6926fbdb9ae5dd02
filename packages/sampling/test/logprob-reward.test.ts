import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Sample, Sampler } from '@posttrain/core'
import { rewardLaws } from '@posttrain/laws'
import { bestOf, logprobReward, weightedMajorityVote } from '@posttrain/sampling'

const provenance = { engine: 'e', dtype: 'f64' as const, weights: 'w' }
const task = { id: 't', prompt: '?' }
const sample = (index: number, text: string, values?: readonly number[]): Sample => ({
  id: 't',
  taskId: 't',
  index,
  seed: 0,
  text,
  finish: 'stop',
  usage: { promptTokens: 1, completionTokens: values?.length ?? 1 },
  ...(values && { logprobs: { values, provenance } }),
})
const samples = [sample(0, 'a', [-1, -1, -1]), sample(1, 'b', [-2]), sample(2, 'b', [-0.5, -2, -1.1]), sample(3, 'c')]
const sampler: Sampler = {
  async *sample([{ count } = undefined as never]) {
    yield* samples.slice(0, count)
  },
}

describe('the log-prob as a reward', () => {
  it('is the mean over tokens or their sum, and no score without log-probs', async () => {
    const rewards = async (aggregate: 'mean' | 'sum') =>
      (await logprobReward({ aggregate }).score(task, samples)).map((one) =>
        one.kind === 'scored' ? one.reward : one.reason,
      )
    expect(await rewards('mean')).toEqual([-1, -2, -1.2, 'the sample carries no log-probs'])
    expect(await rewards('sum')).toEqual([-3, -2, -3.6, 'the sample carries no log-probs'])
  })

  it('chooses, and weighs votes', async () => {
    expect(await bestOf({ n: 4, by: logprobReward() }).run(sampler, task)).toMatchObject({ answer: 'a' })
    expect(await bestOf({ n: 4, by: logprobReward({ aggregate: 'sum' }) }).run(sampler, task)).toMatchObject({
      answer: 'b',
    })
    // Negative weights: the answer that was given least unlikely in all, and the one without a score has no vote.
    expect(await weightedMajorityVote({ k: 4, by: logprobReward() }).run(sampler, task)).toMatchObject({ answer: 'a' })
  })

  it.each(rewardLaws(logprobReward(), { task, text: fc.string() }))('$name', ({ property }) =>
    fc.assert(property, { numRuns: 20 }),
  )

  it('is refused with another aggregate', () => {
    expect(() => logprobReward({ aggregate: 'max' as never })).toThrow('aggregate')
  })
})
