import { requireEnoughSamples, requireInteger } from '@posttrain/core'

/** Draws that are multiplied one by one, which is exact for small counts; more of them take the closed form. */
export const MOST_FACTORS = 64

/**
 * Requires n ≥ 1 samples, 0 ≤ c ≤ n of them correct, and 1 ≤ k ≤ n.
 *
 * @param metric its name up to the k, for instance `pass@`
 * @throws PosttrainError `invalid-argument`, naming the argument and its value
 */
export function requireCounts(metric: string, n: number, c: number, k: number): void {
  // Good input takes the short way: estimates are made by the million.
  if (k >= 1 && k <= n && c >= 0 && c <= n && Number.isSafeInteger(n) && Number.isInteger(c) && Number.isInteger(k))
    return
  requireInteger('n', n, { min: 1 })
  requireInteger('c', c, { min: 0, max: n })
  requireInteger('k', k, { min: 1 })
  requireEnoughSamples(`${metric}${k}`, k, n)
}
