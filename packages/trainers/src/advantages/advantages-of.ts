import type { Objective } from '@posttrain/core'
import type { BiasedAdvantages } from '@posttrain/estimators'
import type { AdvantageEstimator } from './advantage-estimator.js'

/**
 * The advantages of an objective, which are unbiased, or of an estimator of `@posttrain/estimators` that is not.
 *
 * An objective's advantages add up over a group of n, because that sum is its theorem. Here and in everything after it
 * an advantage is per sample, as in TRL and verl: n times as large, with the 1/n in the weight of the sample.
 *
 * @example
 * ```ts
 * import { meanObjective } from '@posttrain/estimators'
 *
 * advantagesOf(meanObjective()).bias(4) // => { kind: 'exact' }
 * ```
 */
export function advantagesOf(source: Objective | BiasedAdvantages): AdvantageEstimator {
  const { name, minimumSamples } = source
  const isBiased = 'bias' in source
  return {
    name,
    target: isBiased ? source.target : name,
    minimumSamples,
    needs: [],
    bias: isBiased ? (n) => source.bias(n) : () => ({ kind: 'exact' }),
    advantages: (groups) =>
      groups.map(({ outcomes }) => {
        const given = source.advantages(outcomes)
        return { advantages: isBiased ? given : given.map((advantage) => outcomes.length * advantage) }
      }),
  }
}
