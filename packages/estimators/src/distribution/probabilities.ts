import { invalidArgument, requireFinite } from '@posttrain/core'

/** Requires non-negative numbers that add up to 1 within rounding. */
export function requireProbabilities(name: string, probabilities: readonly number[]): void {
  let sum = 0
  probabilities.forEach((p, i) => (sum += requireFinite(`${name}[${i}]`, p, { min: 0 })))
  if (!(Math.abs(sum - 1) <= 1e-9)) throw invalidArgument(`${name} must add up to 1, but add up to ${sum}`)
}
