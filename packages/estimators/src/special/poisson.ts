import { deviance, stirlingError } from './stirling.js'

/** The probability of so many events at a rate, to about 1e-14 whatever the two are (Loader 2000). */
export function poissonProbability(count: number, rate: number): number {
  if (count === 0) return Math.exp(-rate)
  if (rate === 0) return 0
  return Math.exp(-stirlingError(count) - deviance(count, rate)) / Math.sqrt(2 * Math.PI * count)
}
