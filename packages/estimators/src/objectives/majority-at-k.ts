import type { Objective } from '@posttrain/core'
import { majorityAtK } from '../majority-at-k.js'
import { checkedRules } from '../vote-rules.js'
import type { VoteRules } from '../vote-rules.js'
import { checkedObjective } from './checked-objective.js'
import { majorityAdvantages } from './majority-advantages.js'

/** A vote of k samples. */
export interface MajorityObjectiveOptions extends VoteRules {
  /** Samples that vote. */
  readonly k: number
}

/**
 * The expected reward of the majority answer of k samples, with leave-one-out advantages (Tang et al. 2025,
 * https://arxiv.org/abs/2503.19595) averaged exactly over all k-subsets that contain the sample.
 *
 * @param options k, and the rules of the vote
 * @returns an objective named `maj@K`
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer
 * @example
 * ```ts
 * const outcomes = [...'AAB'].map((answer) => ({ kind: 'scored' as const, reward: Number(answer === 'A'), answer }))
 * majorityObjective({ k: 3 }).advantages(outcomes) // => [0.5, 0.5, 0]
 * ```
 */
export function majorityObjective({ k, ...given }: MajorityObjectiveOptions): Objective {
  const rules = checkedRules(given)
  return checkedObjective({
    name: `maj@${k}`,
    k,
    minimumSamples: Math.max(2, k),
    read: (outcomes) => outcomes,
    estimate: (outcomes) => majorityAtK(outcomes, k, rules),
    advantages: (outcomes) => majorityAdvantages(outcomes, k, rules),
  })
}
