import { deviance, stirlingError } from './stirling.js'

/**
 * The probability of so many successes in `count` trials with odds `successes : failures`, to about 1e-14 whatever the
 * counts are (Loader 2000).
 */
export function binomialProbability(hits: number, count: number, successes: number, failures: number): number {
  const p = successes / (successes + failures)
  const q = failures / (successes + failures)
  const misses = count - hits
  if (hits === 0) return Math.exp(count * Math.log1p(-p))
  if (misses === 0) return Math.exp(count * Math.log1p(-q))
  const excess = (count * successes - hits * (successes + failures)) / (successes + failures) // count·p − hits
  const exponent =
    stirlingError(count) -
    stirlingError(hits) -
    stirlingError(misses) -
    deviance(hits, count * p, excess) -
    deviance(misses, count * q, -excess)
  return Math.exp(exponent) * Math.sqrt(count / hits / misses / (2 * Math.PI))
}
