import { requireFinite, type Loss, type ScoreName } from '@posttrain/core'
import { describeGradient, type KlPlacement } from '@posttrain/kl'
import { addUp } from './internal/add-up.js'
import { fraction } from './internal/fraction.js'
import { missingConstant } from './internal/missing-constant.js'

/** What a caller takes responsibility for. */
export interface KlLossOptions {
  /**
   * Allows several updates per batch with a placement that is right for fresh samples alone, as GRPO does; what its
   * gradient then is says `placement.offPolicyGradient` (default false).
   */
  readonly reuseSamples?: boolean | undefined
}

/**
 * A KL penalty towards the reference as a loss: Σᵢ wᵢ β KLᵢ, with value and gradient of a placement of `@posttrain/kl`,
 * all of whose cotangents enter here; the rewards that a placement also offers are not to be added as well.
 *
 * A placement has one term per sequence, of which the weight is a factor: with weights that divide by length it is a
 * mean over tokens.
 *
 * @param placement for instance `inLoss({ value: 'k2' })`
 * @param coefficient β ≥ 0
 * @returns a loss with the metric `kl`, the placement's value in nats per sequence
 * @throws PosttrainError `invalid-argument` for a bad coefficient, or if a sequence lacks what the placement reads
 * @example
 * ```ts
 * import { inLoss } from '@posttrain/kl'
 * const loss = klLoss(inLoss({ value: 'k2' }), 0.5)
 * loss.evaluate([{ logprob: Float64Array.of(-1) }], [{ weight: 1, referenceLogprob: [-3] }]).value // => 1
 * ```
 */
export function klLoss(
  placement: KlPlacement,
  coefficient: number,
  { reuseSamples = false }: KlLossOptions = {},
): Loss {
  requireFinite('coefficient', coefficient, { min: 0 })
  const rightOffPolicy = describeGradient(placement.offPolicyGradient) === describeGradient(placement.gradient)
  return {
    name: placement.name,
    differentiates: placement.differentiates,
    reads: placement.reads,
    onPolicy: rightOffPolicy || reuseSamples ? undefined : true,
    evaluate(scores, constants) {
      let kl = 0
      const added = addUp(scores, constants, (sequence, own, i) => {
        const missing = placement.reads.find((name) => own[name] === undefined)
        if (missing) throw missingConstant(missing, i)
        const { value, cotangents } = placement.contribution(sequence, own, coefficient)
        kl += value
        const weighted = Object.entries(cotangents) as [ScoreName, Float64Array][]
        return {
          value: own.weight * coefficient * value,
          cotangents: Object.fromEntries(weighted.map(([name, c]) => [name, c.map((x) => own.weight * x)])),
        }
      })
      return { ...added, metrics: { kl: fraction(kl, scores.length) } }
    },
  }
}
