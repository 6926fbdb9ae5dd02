import { invalidArgument, requireFinite, sum } from '@posttrain/core'

/** Requires non-negative numbers that add up to 1 within rounding. */
export function requireProbabilities(name: string, probabilities: readonly number[]): void {
  probabilities.forEach((p, i) => requireFinite(`${name}[${i}]`, p, { min: 0 }))
  const total = sum(probabilities)
  if (!(Math.abs(total - 1) <= 1e-9)) throw invalidArgument(`${name} must add up to 1, but add up to ${total}`)
}
