import { sum } from '@posttrain/core'
import { binomialProbability } from './special/binomial.js'

/** Beyond so many trials their weights are not made only to be added up. */
const MANY = 10_000

/**
 * The probabilities of 0 … count successes in `count` trials with odds `successes : failures`, or of the first `most`.
 *
 * Drawing `successes` of n samples without replacement is drawing each with probability successes/n, given the total.
 * Weights of this form replace the binomial coefficients of a hypergeometric sum and never overflow, whatever n.
 *
 * @param most successes that matter; they must be more than are likely, or cost what all of them do (default `count`)
 * @returns (min(count, most) + 1)
 */
export function binomialWeights(
  count: number,
  successes: number,
  failures: number,
  most: number = count,
): Float64Array {
  const last = Math.min(count, most)
  const weights = new Float64Array(last + 1)
  if (successes === 0 || failures === 0) {
    if (successes === 0) weights[0] = 1
    else if (last === count) weights[count] = 1
    return weights
  }
  const partial = last < count && count > MANY
  const size = partial ? last : count
  const all = size === last ? weights : new Float64Array(size + 1)
  const odds = successes / failures
  const mode = Math.min(size, Math.floor(((count + 1) * successes) / (successes + failures)))
  all[mode] = partial ? binomialProbability(mode, count, successes, failures) : 1
  for (let j = mode; j < size; j++) all[j + 1] = (all[j]! * (count - j) * odds) / (j + 1)
  for (let j = mode; j > 0; j--) all[j - 1] = (all[j]! * j) / ((count - j + 1) * odds)
  const total = partial ? 1 : sum(all)
  for (let j = 0; j <= last; j++) weights[j] = all[j]! / total
  return weights
}
