import type { Interval } from '@posttrain/core'

/** Levels nearer to 1 than this are not told from it. */
const SMALLEST = 1e-15

/**
 * The p-value that belongs to an interval: 1 − the level at which it would just reach a value. So p ≤ 1 − level exactly
 * where the interval of that level leaves the value out.
 *
 * @param intervalAt intervals that grow with the level
 * @param value what they may leave out
 * @returns on [1e-15, 1]
 */
export function pByInterval(intervalAt: (level: number) => Interval, value: number): number {
  const holds = (p: number): boolean => {
    const { lower, upper } = intervalAt(1 - p)
    return lower <= value && value <= upper
  }
  if (!holds(SMALLEST)) return SMALLEST
  let [inside, outside] = [SMALLEST, 1]
  while (outside / inside > 1 + 1e-9) {
    const middle = Math.sqrt(inside * outside)
    if (holds(middle)) inside = middle
    else outside = middle
  }
  return outside
}
