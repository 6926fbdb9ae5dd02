import { expect } from 'vitest'

/** The largest |aᵢ − bᵢ| of two lists of equal length. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Math.max(0, ...Array.from(a, (x, i) => Math.abs(x - b[i]!)))
}
