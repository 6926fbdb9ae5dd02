import { describe, expect, it } from 'vitest'
import { regimeOf } from '@posttrain/recipes'
import { CASES } from './cases.js'

describe('regimeOf', () => {
  it.each(CASES)('is $regime from $shares for $rewards', ({ regime, shares, rewards, accuracy, ...rest }) => {
    const found = regimeOf(shares, rewards)
    expect(found).toMatchObject({ kind: regime, best: 0 })
    expect(found.accuracy).toBeCloseTo(accuracy, 14)
    if (found.kind === 'slow') {
      expect(found.rival).toBe(1)
      expect('gamma' in rest && Math.abs(found.gamma - rest.gamma)).toBeLessThan(1e-12)
    }
  })

  it('says that neither theorem speaks', () => {
    const quarter = [0.25, 0.25, 0.25, 0.25]
    expect(regimeOf(quarter, [0.9, 0.8, 0.7, 0])).toMatchObject({ kind: 'open', reason: 'several-rivals' })
    expect(regimeOf(quarter, [0.9, 0.9, 0.1, 0])).toMatchObject({ kind: 'open', reason: 'several-best' })
    expect(regimeOf([0.25, 0.5, 0.25], [1, 0.5, 0])).toMatchObject({ kind: 'open', reason: 'at-the-mean' })
  })

  it('looks at patterns that the policy has', () => {
    expect(regimeOf([0, 0.5, 0.5], [1, 0.5, 0])).toEqual({ kind: 'fast', best: 1, accuracy: 0.25 })
    expect(regimeOf([0, 1], [1, 0.5])).toEqual({ kind: 'fast', best: 1, accuracy: 0.5 })
  })

  it('refuses what are no shares', () => {
    expect(() => regimeOf([], [])).toThrow('shares has no patterns')
    expect(() => regimeOf([1], [NaN])).toThrow('rewards[0]')
  })
})
