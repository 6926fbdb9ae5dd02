import type { Loss } from '@posttrain/core'
import type { KlPlacement } from '@posttrain/kl'
import type { Algorithm } from '../algorithms/algorithm.js'
import { klLoss } from '../losses/kl-loss.js'
import { sumOfLosses } from '../losses/sum-of-losses.js'

/**
 * The loss of an algorithm together with what its KL penalty differentiates: all of it, or where its rewards are credited to
 * the samples, what is left. Reused samples are the algorithm's own choice.
 */
export function penalisedLoss({ loss, kl }: Algorithm): Loss {
  if (!kl) return loss
  const { placement, coefficient, credit } = kl
  const penalty = klLoss(credit === 'loss' ? placement : withoutRewards(placement), coefficient, { reuseSamples: true })
  return sumOfLosses([
    { loss, coefficient: 1 },
    { loss: penalty, coefficient: 1 },
  ])
}

const withoutRewards = (placement: KlPlacement): KlPlacement => ({
  ...placement,
  contribution(scores, constants, coefficient) {
    const term = placement.contribution(scores, constants, coefficient)
    return { ...term, cotangents: term.lossCotangents }
  },
})
