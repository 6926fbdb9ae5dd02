import { describe, expect, it } from 'vitest'
import { simpoLoss } from '@posttrain/losses'
import { sequences } from './support/batch.js'

describe('simpoLoss', () => {
  it('is the log-loss of mean log-probs beyond a margin', () => {
    const { value, cotangents } = simpoLoss({ beta: 2, gamma: 1 }).evaluate(...sequences([[-0.4, -0.6], [-0.9]]))
    expect(value).toBeCloseTo(0.798138, 5)
    const slope = -2 / (1 + Math.exp(-0.2))
    expect([...cotangents[0]!.logprob!]).toEqual([expect.closeTo(slope / 2, 12), expect.closeTo(slope / 2, 12)])
    expect(cotangents[1]!.logprob![0]).toBeCloseTo(-slope, 12)
  })

  it('refuses an empty sequence, which has no mean', () => {
    expect(() => simpoLoss().evaluate(...sequences([[-1], []]))).toThrow('sequence 1 is empty')
  })
})
