import { describe, expect, it } from 'vitest'
import { verifierReward } from '@posttrain/rewards'
import { sampleOf } from './sample.js'

const task = { id: 't', prompt: 'say yes', reference: 'yes' }

describe('verifierReward', () => {
  it('reads the task once and judges every sample, in order', async () => {
    let prepared = 0
    const reward = verifierReward('exact', ({ reference }) => {
      prepared++
      return (text) => ({ correct: text === reference, answer: text === '' ? undefined : text })
    })
    expect(await reward.score(task, ['yes', 'no', ''].map(sampleOf))).toEqual([
      { kind: 'scored', reward: 1, answer: 'yes' },
      { kind: 'scored', reward: 0, answer: 'no' },
      { kind: 'scored', reward: 0 },
    ])
    expect(prepared).toBe(1)
  })

  it("stops at the caller's request", async () => {
    const signal = { aborted: true, addEventListener: () => {}, removeEventListener: () => {} }
    const reward = verifierReward('any', () => () => ({ correct: true }))
    await expect(reward.score(task, [sampleOf('yes')], { signal })).rejects.toMatchObject({ code: 'aborted' })
  })
})
