import { describe, expect, it } from 'vitest'
import { parseReferenceRewards, requireRewardsOf } from '../../src/rewards/reference-rewards.js'
import { rewardOf } from '../support/enumerated-update.js'

describe('parseReferenceRewards', () => {
  const good = { reward: 'r', count: 2, seed: 0, tasks: [{ task: 'a', rewards: [0, 1], unscored: 0, failed: 0 }] }

  it('gives what JSON kept', () => {
    expect(parseReferenceRewards(JSON.parse(JSON.stringify(good)))).toEqual(good)
  })

  it.each([
    [null, 'expected object, received null'],
    [{ ...good, reward: 1 }, 'reward: expected string, received number'],
    [{ ...good, count: 0 }, 'count: Too small: expected number to be >=1'],
    [{ ...good, count: 1.5 }, 'count: expected int, received number'],
    [
      { ...good, tasks: [{ task: 'a', rewards: [1, 0], unscored: 0, failed: 0 }] },
      'tasks[0].rewards: rewards must be ascending',
    ],
    [
      { ...good, tasks: [{ task: 'a', rewards: [null], unscored: 0, failed: 0 }] },
      'tasks[0].rewards[0]: expected number, received null',
    ],
    [
      { ...good, tasks: [{ task: 'a', rewards: [], unscored: -1, failed: 0 }] },
      'tasks[0].unscored: Too small: expected number to be >=0',
    ],
  ])('refuses %j', (json, message) => {
    expect(() => parseReferenceRewards(json)).toThrow('these are no reference rewards: ')
    expect(() => parseReferenceRewards(json)).toThrow(message)
  })
})

describe('requireRewardsOf', () => {
  const reward = rewardOf('raw', {})
  const rewards = { reward: 'raw', count: 1, seed: 0, tasks: [] }

  it('gives the reward that they are of, and refuses another', () => {
    expect(requireRewardsOf(reward, rewards)).toBe(reward)
    expect(requireRewardsOf(reward, undefined)).toBe(reward) // missing ones are refused when a task is scored
    expect(() => requireRewardsOf({ ...reward, name: 'r' }, rewards)).toThrow(
      'the reference rewards are of raw, but the reward is r',
    )
  })
})
