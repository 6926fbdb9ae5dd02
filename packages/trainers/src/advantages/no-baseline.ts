import type { AdvantageEstimator } from './advantage-estimator.js'

/**
 * The rewards as they are: REINFORCE. Unbiased, with more variance than any sensible baseline.
 *
 * Williams 1992, https://doi.org/10.1007/BF00992696
 *
 * @example
 * ```ts
 * noBaseline().bias(1) // => { kind: 'exact' }
 * ```
 */
export const noBaseline = (): AdvantageEstimator => ({
  name: 'no baseline',
  target: 'mean',
  minimumSamples: 1,
  needs: [],
  bias: () => ({ kind: 'exact' }),
  advantages: (groups) => groups.map(({ outcomes }) => ({ advantages: outcomes.map(({ reward }) => reward) })),
})
