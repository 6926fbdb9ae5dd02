import { describe, expect, it } from 'vitest'
import { poissonProbability } from '../../src/special/poisson.js'
import { relativeError } from '../exact.js'

describe('poissonProbability', () => {
  it('is e⁻ʳrⁿ/n!', () => {
    for (const rate of [1e-300, 0.1, 1, 20, 700]) {
      let term = Math.exp(-rate)
      for (let count = 0; count < 50; count++) {
        expect(relativeError(poissonProbability(count, rate), term)).toBeLessThan(2e-13)
        term *= rate / (count + 1)
        if (term < 1e-290) break
      }
    }
    expect([poissonProbability(0, 0), poissonProbability(3, 0)]).toEqual([1, 0])
  })

  it('is 1/√(2πn) and a little less at its own mean', () => {
    for (const n of [100, 1e6, 1e15]) {
      expect(
        relativeError(poissonProbability(n, n), Math.exp(-1 / (12 * n)) / Math.sqrt(2 * Math.PI * n)),
      ).toBeLessThan(1e-8)
    }
  })
})
