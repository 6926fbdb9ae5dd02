import type { Loss } from '@posttrain/core'
import type { KlPlacement } from '@posttrain/kl'
import { klLoss, sumOfLosses } from '@posttrain/losses'
import type { Algorithm } from '../../algorithms/algorithm.js'
import { initialCoefficient } from './kl-control.js'

/**
 * The loss of an algorithm together with what its KL penalty differentiates: all of it, or where its rewards are
 * credited to the samples, what is left. Reused samples are the algorithm's own choice.
 *
 * @param coefficient β of this step (default: that of the first)
 */
export function penalisedLoss({ loss, kl }: Algorithm, coefficient: number | undefined = initialCoefficient(kl)): Loss {
  if (!kl || coefficient === undefined) return loss
  const placement = kl.credit === 'loss' ? kl.placement : withoutRewards(kl.placement)
  return sumOfLosses([{ loss }, { loss: klLoss(placement, coefficient, { reuseSamples: true }) }])
}

const withoutRewards = (placement: KlPlacement): KlPlacement => ({
  ...placement,
  contribution(scores, constants, coefficient) {
    const term = placement.contribution(scores, constants, coefficient)
    return { ...term, cotangents: term.lossCotangents }
  },
})
