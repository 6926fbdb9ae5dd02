import { describe, expect, it } from 'vitest'
import { passAtKFromProbability } from '@posttrain/estimators'

describe('passAtKFromProbability', () => {
  it('is 1 − (1 − p)ᵏ, also where that cancels', () => {
    expect(passAtKFromProbability(0.1, 5)).toBeCloseTo(0.40951, 14)
    expect(passAtKFromProbability(1e-18, 7)).toBeCloseTo(7e-18, 30)
    expect([passAtKFromProbability(0, 3), passAtKFromProbability(1, 3)]).toEqual([0, 1])
    expect(() => passAtKFromProbability(1.2, 3)).toThrow('p must be a finite number from 0 to 1, but is 1.2')
  })
})
