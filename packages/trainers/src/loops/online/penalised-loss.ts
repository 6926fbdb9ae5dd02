import type { Loss } from '@posttrain/core'
import type { KlPlacement } from '@posttrain/kl'
import { klLoss, sumOfLosses } from '@posttrain/losses'
import type { Algorithm } from '../../algorithms/algorithm.js'
import { initialCoefficient } from './kl-control.js'

/**
 * The loss of an algorithm together with what its KL penalty puts into the loss; what it puts into the reward is in the
 * advantages. Reused samples are the algorithm's own choice.
 *
 * @param coefficient β of this step (default: that of the first)
 */
export function penalisedLoss({ loss, kl }: Algorithm, coefficient: number | undefined = initialCoefficient(kl)): Loss {
  if (!kl || coefficient === undefined) return loss
  const inLoss = klLoss(withoutRewards(kl.placement), coefficient, { reuseSamples: true })
  return sumOfLosses([{ loss }, { loss: inLoss }])
}

const withoutRewards = (placement: KlPlacement): KlPlacement => ({
  ...placement,
  contribution(scores, constants, coefficient) {
    const term = placement.contribution(scores, constants, coefficient)
    return { ...term, cotangents: term.lossCotangents }
  },
})
