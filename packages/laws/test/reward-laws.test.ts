import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RewardFunction, Task } from '@posttrain/core'
import { verifierReward } from '@posttrain/rewards'
import { rewardLaws } from '@posttrain/laws'

const task: Task = { id: 't', prompt: '6 × 7?', reference: '42' }
const text = fc.oneof(fc.constantFrom('42', ' 42 ', '41', ''), fc.string({ maxLength: 5 }))
const exact = verifierReward('exact', ({ reference }) => (answer) => ({
  correct: answer.trim() === reference,
  answer: answer.trim() === '' ? undefined : answer.trim(),
}))

describe('verifierReward', () => {
  it.each(rewardLaws(exact, { task, text, binary: true }))('$name', ({ property }) => fc.assert(property, { seed: 1 }))
})

/** The laws that a reward function breaks. */
async function broken(reward: RewardFunction): Promise<string[]> {
  const names: string[] = []
  for (const { name, property } of rewardLaws(reward, { task, text })) {
    if ((await fc.check(property, { seed: 1 })).failed) names.push(name)
  }
  return names
}

describe('rewardLaws', () => {
  it('catch a reward of the first sample only', async () => {
    const first: RewardFunction = {
      name: 'first',
      score: async (_, samples) => samples.map((_, i) => ({ kind: 'scored', reward: i === 0 ? 1 : 0 })),
    }
    expect(await broken(first)).toEqual([
      'first does not depend on the order of samples',
      'first gives a split group what it gives the whole',
    ])
  })

  it('catch answers as raw strings that are judged after trimming', async () => {
    const raw = verifierReward('length', () => (answer) => ({ correct: answer.startsWith(' '), answer: answer.trim() }))
    expect(await broken(raw)).toEqual(['length gives one answer one reward'])
  })

  it('let a reward depend on its group if it says so', async () => {
    const rarity: RewardFunction = {
      name: 'rarity',
      score: async (_, samples) =>
        samples.map((sample) => ({
          kind: 'scored',
          reward: 1 / samples.filter((other) => other.text === sample.text).length,
        })),
    }
    expect(await broken(rarity)).toEqual(['rarity gives a split group what it gives the whole'])
    expect(await broken({ ...rarity, comparesSamples: true })).toEqual([])
  })
})
