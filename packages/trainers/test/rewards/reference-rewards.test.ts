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
    [{ ...good, reward: 1 }, 'expected string, received number, at reward'],
    [{ ...good, count: 0 }, 'expected number to be >=1, at count'],
    [{ ...good, count: 1.5 }, 'expected int, received number, at count'],
    [
      { ...good, tasks: [{ task: 'a', rewards: [1, 0], unscored: 0, failed: 0 }] },
      'rewards must be ascending, at tasks[0].rewards',
    ],
    [
      { ...good, tasks: [{ task: 'a', rewards: [null], unscored: 0, failed: 0 }] },
      'received null, at tasks[0].rewards[0]',
    ],
    [
      { ...good, tasks: [{ task: 'a', rewards: [], unscored: -1, failed: 0 }] },
      'expected number to be >=0, at tasks[0].unscored',
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
