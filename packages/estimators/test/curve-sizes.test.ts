import { PosttrainError } from '@posttrain/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { curveSizes } from '../src/curve-sizes.js'

describe('curveSizes', () => {
  it('is every power of two up to the samples there are, and none above', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (samples) => {
        const sizes = curveSizes(samples)
        expect(sizes).toEqual(sizes.map((_, index) => 2 ** index))
        expect(sizes.at(-1)).toBeLessThanOrEqual(samples)
        expect(2 * (sizes.at(-1) ?? 0)).toBeGreaterThan(samples)
      }),
    )
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s samples', (samples) => {
    expect(() => curveSizes(samples)).toThrow(PosttrainError)
  })
})
