import { mean as average, sum } from '@posttrain/core'

/**
 * Credits every sample with the maxima of the subsets it is in, less the mean of all maxima: Aᵢ = s·Σ_{B∋i} (max B −
 * mean of maxima).
 *
 * @param subsets indices of samples
 * @param normalise divide by the population deviation of the maxima
 * @returns zeros where all maxima agree; with `normalise` off, s = number of samples / number of subsets
 */
export function creditSubsetMaxima(
  rewards: ArrayLike<number>,
  subsets: readonly (readonly number[])[],
  normalise: boolean,
): number[] {
  const advantages = new Array<number>(rewards.length).fill(0)
  const maxima = subsets.map((subset) => Math.max(...subset.map((i) => rewards[i]!)))
  if (maxima.every((value) => value === maxima[0])) return advantages
  const mean = average(maxima)
  const deviation = Math.sqrt(sum(maxima.map((value) => (value - mean) ** 2)) / maxima.length)
  const scale = normalise ? 1 / deviation : rewards.length / subsets.length
  subsets.forEach((subset, b) => {
    for (const i of subset) advantages[i]! += scale * (maxima[b]! - mean)
  })
  return advantages
}
