import { sum } from '@posttrain/core'

/**
 * The probabilities of 0 … count successes in `count` trials with odds `successes : failures`.
 *
 * Drawing `successes` of n samples without replacement is drawing each with probability successes/n, given the total.
 * Weights of this form replace the binomial coefficients of a hypergeometric sum and never overflow, whatever n.
 *
 * @returns (count + 1)
 */
export function binomialWeights(count: number, successes: number, failures: number): Float64Array {
  const weights = new Float64Array(count + 1)
  if (successes === 0 || failures === 0) {
    weights[successes === 0 ? 0 : count] = 1
    return weights
  }
  const odds = successes / failures
  const mode = Math.min(count, Math.floor(((count + 1) * successes) / (successes + failures)))
  weights[mode] = 1
  for (let j = mode; j < count; j++) weights[j + 1] = (weights[j]! * (count - j) * odds) / (j + 1)
  for (let j = mode; j > 0; j--) weights[j - 1] = (weights[j]! * j) / ((count - j + 1) * odds)
  const total = sum(weights)
  for (let j = 0; j <= count; j++) weights[j]! /= total
  return weights
}
