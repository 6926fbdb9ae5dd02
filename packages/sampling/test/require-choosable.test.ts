import { NO_USAGE, type Group, type Outcome, type RewardFunction, type Sampler } from '@posttrain/core'
import { bestOfNObjective, maxAtKObjective, passAtKObjective } from '@posttrain/estimators'
import { bestOf, evaluateGroup, judge } from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'

const task = { id: 'a', prompt: '' }
const groupOf = (rewards: readonly (number | null)[]): Group => ({
  task,
  samples: rewards.map((_, index) => {
    return { id: 'a', taskId: 'a', seed: 0, index, text: String(index), finish: 'stop', usage: NO_USAGE }
  }),
  outcomes: rewards.map((reward): Outcome => {
    return reward === null ? { kind: 'unscored', reason: 'no verdict' } : { kind: 'scored', reward }
  }),
})

describe('a failure that counts as 0', () => {
  it('is not chosen above a reward below it: the estimate is refused', () => {
    for (const objective of [maxAtKObjective({ k: 2 }), bestOfNObjective({ n: 2 })]) {
      const estimate = (rewards: readonly (number | null)[], policy?: 'exclude'): unknown =>
        evaluateGroup(groupOf(rewards), [objective], policy).values[0]
      expect(() => estimate([-1, null])).toThrow(
        `${objective.name} of task "a" cannot be estimated: a sample without a score counts as 0, above the reward -1`,
      )
      expect(estimate([-1, null, -3], 'exclude')).toBe(-1)
      expect(estimate([0.5, null])).toBe(0.5)
      expect(estimate([null, null])).toBe(0)
    }
    expect(evaluateGroup(groupOf([1, null]), [passAtKObjective({ k: 2 })]).values).toEqual([1])
  })

  it('is not chosen by best-of-N either, whose estimate is what it answers', async () => {
    const rewards = [-1, null, -2]
    const by: RewardFunction = {
      name: 'score',
      score: async (_, samples) => samples.map(({ index }) => groupOf(rewards).outcomes[index]!),
    }
    const procedure = bestOf({ n: 3, by })
    const { samples } = groupOf(rewards)
    const sampler: Sampler = {
      async *sample() {
        yield* samples
      },
    }
    const decision = await procedure.run(sampler, task)
    expect(decision.sample!.index).toBe(0)
    const group = await judge(task, samples, by, procedure)
    expect(evaluateGroup(group, [procedure.objective]).values).toEqual([-1])
  })
})
