import type { RewardFunction } from '@posttrain/core'
import { requireRewardsOf, type ReferenceRewards } from '../rewards/reference-rewards.js'
import type { Algorithm } from './algorithm.js'
import { klRegularised } from './kl-regularised.js'

/** A row that ranks rewards among those of the reference. */
export interface OnReferenceRanksOptions {
  readonly name: string
  readonly paper: string
  /** β. */
  readonly klCoefficient: number
  /** Absent: the row can be looked at, and a run is refused. */
  readonly referenceRewards: ReferenceRewards | undefined
  /** What is made of a reward that the reference rewards are of. */
  readonly transform: (reward: RewardFunction, referenceRewards: ReferenceRewards | undefined) => RewardFunction
}

/** KL-regularised RL with a reward that goes by where an answer's reward lies among those of the reference. */
export const onReferenceRanks = (options: OnReferenceRanksOptions): Algorithm => {
  const { name, paper, klCoefficient, referenceRewards, transform } = options
  return {
    ...klRegularised({ klCoefficient }),
    name,
    paper,
    transformReward: (reward) => transform(requireRewardsOf(reward, referenceRewards), referenceRewards),
    lacks: referenceRewards ? undefined : 'referenceRewards',
  }
}
