import { describe, expect, it } from 'vitest'
import { leastSquares } from '../../src/scaling/least-squares.js'

describe('leastSquares', () => {
  it('goes through points on a line', () => {
    const { slope, intercept } = leastSquares([1, 2, 5], [-1, 1, 7])
    expect([slope, intercept]).toEqual([2, -3].map((value) => expect.closeTo(value, 14)))
  })

  it('has residuals that add up to nothing and do not correlate with x', () => {
    const [x, y] = [
      [0, 1, 2, 3],
      [1, 0, 4, 2],
    ] as const
    const { slope, intercept } = leastSquares(x, y) // slope 0.7, intercept 0.7, by hand
    expect([slope, intercept]).toEqual([0.7, 0.7].map((value) => expect.closeTo(value, 14)))
  })
})
