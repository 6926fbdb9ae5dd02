import { throwIfAborted, type RewardFunction, type Sample } from '@posttrain/core'

/** A reward that is a number of each completion by itself. */
export const sampleReward = (name: string, rewardOf: (sample: Sample) => number): RewardFunction => ({
  name,
  async score(_, samples, options) {
    throwIfAborted(options?.signal)
    return samples.map((sample) => ({ kind: 'scored', reward: rewardOf(sample) }))
  },
})
