import { integral } from './gauss-legendre.js'
import { normalCdf } from './normal.js'
import { poissonProbability } from './poisson.js'

/** Standard deviations of √(χ²/df) about 1 beyond which nothing is left. */
const REACH = 12

/**
 * P(T > t) for a non-central t of a shift: the mean of Φ(shift − t·s) over s = √(χ²/df), to about 1e-12.
 *
 * @param df degrees of freedom, at least 1
 */
export function noncentralTail(t: number, df: number, shift: number): number {
  const spread = 1 / Math.sqrt(2 * df)
  // The density of s; that of a gamma variable is a Poisson probability of a count that need not be whole.
  const density = (s: number): number => (df / s) * poissonProbability(df / 2, (df * s * s) / 2)
  const term = (s: number): number => normalCdf(shift - t * s) * density(s)
  return integral(term, Math.max(0, 1 - REACH * spread), 1 + REACH * spread, 100)
}

/** The shift with which P(T > t) has a value, by bisection. */
export function shiftForTail(t: number, df: number, tail: number): number {
  let [low, high] = [0, t + 1]
  while (noncentralTail(t, df, high) < tail) high *= 2
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (noncentralTail(t, df, middle) < tail) low = middle
    else high = middle
  }
  return high
}
