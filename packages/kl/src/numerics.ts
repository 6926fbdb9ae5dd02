/**
 * eˣ − 1 − x to full relative precision.
 *
 * The plain expression loses every digit where x is small, which is where a trained policy is: most of its tokens have
 * a log-ratio near 0. For |x| < 1/2 it is the series x²/2·(1 + x/3·(1 + x/4·(…))), in which the first term left out is
 * below 1e-18 of the first.
 */
export function exponentialExcess(x: number): number {
  if (Math.abs(x) >= 0.5) return Math.expm1(x) - x
  let series = 1
  for (let n = 16; n >= 3; n--) series = 1 + (x / n) * series
  return ((x * x) / 2) * series
}

/** log Σ exp(xᵢ); −∞ for no terms. */
export function logSumExp(values: ArrayLike<number>): number {
  let highest = -Infinity
  for (let i = 0; i < values.length; i++) highest = Math.max(highest, values[i]!)
  if (!Number.isFinite(highest)) return highest
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - highest)
  return highest + Math.log(sum)
}
