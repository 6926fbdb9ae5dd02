import type { UnscoredPolicy } from '@posttrain/core'
import type { Algorithm } from '../../algorithms/algorithm.js'

/**
 * A schedule with the advantages that are exact among scored samples, where an algorithm has such, if unscored samples
 * are left out. An algorithm stays one object from step to step.
 */
export function amongScored(
  algorithmAt: (step: number) => Algorithm,
  unscored: UnscoredPolicy,
): (step: number) => Algorithm {
  if (unscored !== 'exclude') return algorithmAt
  const made = new Map<Algorithm, Algorithm>()
  return (step) => {
    const algorithm = algorithmAt(step)
    const { amongScored: advantages } = algorithm.advantages
    if (!advantages) return algorithm
    const known = made.get(algorithm) ?? { ...algorithm, advantages }
    made.set(algorithm, known)
    return known
  }
}
