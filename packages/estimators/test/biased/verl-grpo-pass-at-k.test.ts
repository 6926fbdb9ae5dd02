import { describe, expect, it } from 'vitest'
import { verlGrpoPassAtKAdvantages } from '@posttrain/estimators'
import { expectClose, withRewards } from '../outcomes.js'
import { stepRatio } from './step-ratio.js'

describe('verlGrpoPassAtKAdvantages', () => {
  const plain = verlGrpoPassAtKAdvantages({ k: 4, normalise: false })

  it('gives the best its lead and a tie at the top nothing', () => {
    const three = verlGrpoPassAtKAdvantages({ k: 3, normalise: false })
    expectClose(three.advantages(withRewards(0.2, 0.9, 0.5)), [0, 0.4, 0], 1e-15)
    expect(three.advantages(withRewards(1, 1, 0))).toEqual([0, 0, 0])
    const [, divided] = verlGrpoPassAtKAdvantages({ k: 3 }).advantages(withRewards(0, 1, 0))
    expect(divided).toBeCloseTo(Math.sqrt(3), 14)
  })

  it.each([
    [0.05, 1.63],
    [0.2, 0.82],
    [0.5, 0.125],
    [0.8, 0.003],
  ])('in a group of 8 for k = 4 is off by a factor that depends on p = %d: %d', (p, expected) => {
    expect(Math.abs(stepRatio(p, 8, 4, (o) => plain.advantages(o)) - expected)).toBeLessThan(0.006)
    expect(plain.bias(8)).toMatchObject({ kind: 'direction-changing' })
    expect(plain.bias(4)).toEqual({ kind: 'exact' })
  })
})
