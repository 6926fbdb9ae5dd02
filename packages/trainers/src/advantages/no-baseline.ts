import type { AdvantageRule } from './advantage-rule.js'

/**
 * The rewards as they are, rᵢ/n: REINFORCE. Unbiased, with more variance than any baseline of sense.
 *
 * Williams 1992, https://doi.org/10.1007/BF00992696
 *
 * @example
 * ```ts
 * noBaseline().bias(1) // => { kind: 'exact' }
 * ```
 */
export const noBaseline = (): AdvantageRule => ({
  name: 'no baseline',
  target: 'mean',
  minimumSamples: 1,
  needs: [],
  bias: () => ({ kind: 'exact' }),
  assign: (groups) =>
    groups.map(({ outcomes }) => ({ advantages: outcomes.map(({ reward }) => reward / outcomes.length) })),
})
