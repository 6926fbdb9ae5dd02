import { describe, expect, it } from 'vitest'
import { ipoLoss } from '@posttrain/losses'
import { sequences } from './support/batch.js'

describe('ipoLoss', () => {
  it('is the squared distance of the log-ratio gap from 1/(2β)', () => {
    const { value, cotangents } = ipoLoss({ beta: 0.1 }).evaluate(...sequences([[-10], [-12]], [[-11], [-11.5]]))
    expect(value).toBe(12.25)
    expect([cotangents[0]!.logprob![0], cotangents[1]!.logprob![0]]).toEqual([-7, 7])
  })

  it('is 0 at its target', () => {
    expect(ipoLoss({ beta: 0.25 }).evaluate(...sequences([[-1, -1], [-3]], [[-2, -1], [-2]])).value).toBe(0)
  })

  it('takes sums over tokens, or means on request', () => {
    const batch = sequences(
      [
        [-1, -1],
        [-3, -3],
      ],
      [
        [-2, -2],
        [-2, -2],
      ],
    )
    expect(ipoLoss({ beta: 0.5 }).evaluate(...batch).value).toBe(9)
    const means = ipoLoss({ beta: 0.5, lengthNormalised: true }).evaluate(...batch)
    expect([means.value, means.cotangents[0]!.logprob![0]]).toEqual([1, 1])
  })

  it('refuses β = 0, whose target is infinite', () => {
    expect(() => ipoLoss({ beta: 0 })).toThrow('beta')
  })
})
