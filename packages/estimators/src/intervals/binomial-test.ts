import { sum } from '@posttrain/core'
import { binomialWeights } from '../binomial-weights.js'

/**
 * Two-sided exact p-value of c successes in n trials of probability p: twice the smaller tail of Binomial(n, p), at
 * most 1. It is at most 1 − level exactly where the interval of Clopper and Pearson leaves p out.
 *
 * @param c successes, 0 to n
 * @param n trials
 * @param p probability of a success, on [0, 1]
 */
export function binomialTest(c: number, n: number, p: number): number {
  const weights = binomialWeights(n, p, 1 - p)
  return Math.min(1, 2 * sum(weights.subarray(0, c + 1)), 2 * sum(weights.subarray(c)))
}
