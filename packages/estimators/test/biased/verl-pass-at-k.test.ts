import { describe, expect, it } from 'vitest'
import { maxAtKObjective, verlPassAtK } from '@posttrain/estimators'
import { expectClose, withRewards } from '../outcomes.js'
import { stepRatio } from './step-ratio.js'

describe('verlPassAtK', () => {
  const plain = verlPassAtK({ k: 4, normalise: false })

  it('gives the best its lead and a tie at the top nothing', () => {
    const three = verlPassAtK({ k: 3, normalise: false })
    expectClose(three.advantages(withRewards(0.2, 0.9, 0.5)), [0, 0.4, 0], 1e-15)
    expect(three.advantages(withRewards(1, 1, 0))).toEqual([0, 0, 0])
    const [, divided] = verlPassAtK({ k: 3 }).advantages(withRewards(0, 1, 0))
    expect(divided).toBeCloseTo(Math.sqrt(3), 14)
  })

  it.each([
    [0.05, 1.63],
    [0.2, 0.82],
    [0.5, 0.125],
    [0.8, 0.003],
  ])('in a group of 8 for k = 4 is off by a factor that depends on p = %d: %d / 8', (p, expected) => {
    expect(Math.abs(8 * stepRatio(p, 8, 4, plain.advantages) - expected)).toBeLessThan(0.006)
    expect(plain.bias(8)).toMatchObject({ kind: 'direction-changing' })
  })

  it('in a group of k has the numbers of max@k, whose sum is exact: as advantages per sample a k-th of the gradient', () => {
    expectClose(
      plain.advantages(withRewards(0.2, 0.9, 0.5, 0.4)),
      maxAtKObjective({ k: 4 }).advantages(withRewards(0.2, 0.9, 0.5, 0.4)),
      1e-15,
    )
    expect(plain.bias(4)).toEqual({ kind: 'scaled', factor: 0.25 })
    for (const p of [0.05, 0.5]) expect(stepRatio(p, 4, 4, plain.advantages)).toBeCloseTo(0.25, 12)
  })
})
