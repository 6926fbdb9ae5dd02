import type { Objective } from '@posttrain/core'
import type { AdvantageEstimator } from '@posttrain/estimators'
import type { AdvantageRule } from './advantage-rule.js'

/**
 * The advantages of an objective, which are unbiased, or of an estimator of `@posttrain/estimators` that is not.
 *
 * @example
 * ```ts
 * import { meanObjective } from '@posttrain/estimators'
 *
 * advantagesOf(meanObjective()).bias(4) // => { kind: 'exact' }
 * ```
 */
export function advantagesOf(source: Objective | AdvantageEstimator): AdvantageRule {
  return {
    name: source.name,
    target: 'target' in source ? source.target : source.name,
    minimumSamples: source.minimumSamples,
    needs: [],
    bias: 'bias' in source ? (n) => source.bias(n) : () => ({ kind: 'exact' }),
    assign: (groups) => groups.map(({ outcomes }) => ({ advantages: source.advantages(outcomes) })),
  }
}
