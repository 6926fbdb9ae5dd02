import { describe, expect, it } from 'vitest'
import { extremeOfAll, extremeOfDrawn } from '../../src/intervals/random-signs.js'

describe('extremeOfAll', () => {
  it('counts signs', () => {
    // |3 ± 1 ± 1| over eight signs: 5 twice, 3 four times, 1 twice.
    const sizes = Float64Array.of(1, 1, 3)
    expect([5, 3, 1].map((threshold) => extremeOfAll(sizes, threshold))).toEqual([2, 6, 8])
  })
})

describe('extremeOfDrawn', () => {
  /** P(|Σ ±sizes| ≥ threshold) by convolution of whole numbers. */
  const exactly = (sizes: readonly number[], threshold: number): number => {
    let shares = new Map([[0, 1]])
    for (const size of sizes) {
      const next = new Map<number, number>()
      for (const [total, share] of shares) {
        for (const sign of [1, -1]) next.set(total + sign * size, (next.get(total + sign * size) ?? 0) + share / 2)
      }
      shares = next
    }
    return [...shares].reduce((sum, [total, share]) => sum + (Math.abs(total) >= threshold ? share : 0), 0)
  }
  const repeat = (size: number, count: number): number[] => new Array<number>(count).fill(size)

  it.each([
    ['all apart', Array.from({ length: 30 }, (_, i) => i + 1), 150],
    ['many of a size', [...repeat(1, 70), ...repeat(3, 40)], 40],
    ['some of each', [1, 1, 2, 3, 4, ...repeat(5, 33), 6, 7], 50],
    ['just enough to be counted', repeat(2, 32), 20],
    ['one too few', repeat(2, 31), 20],
  ])('has the share of all signs: %s', (_, sizes, threshold) => {
    const resamples = 40_000
    const exact = exactly(sizes, threshold)
    const drawn = extremeOfDrawn(Float64Array.from(sizes), threshold, { resamples, seed: 3 }) / resamples
    expect(exact).toBeGreaterThan(0.001)
    expect(Math.abs(drawn - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / resamples))
  })
})
