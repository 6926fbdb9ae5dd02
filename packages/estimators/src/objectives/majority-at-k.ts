import { requireEnoughSamples, requireInteger } from '@posttrain/core'
import type { Objective, ScoredOutcome } from '@posttrain/core'
import { majorityAtK } from '../majority-at-k.js'
import type { VoteRules } from '../majority-at-k.js'
import { majorityAdvantages } from './majority-advantages.js'
import { requireVoteRules } from '../answer-classes.js'

/** A vote of k samples. */
export interface MajorityObjectiveOptions extends VoteRules {
  /** Samples that vote. */
  readonly k: number
}

/**
 * The expected reward of the majority answer of k samples, with leave-one-out advantages (Tang et al. 2025,
 * https://arxiv.org/abs/2503.19595) averaged exactly over all k-subsets that contain the sample.
 *
 * @returns an objective named `maj@K`
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer
 * @example
 * ```ts
 * const outcomes = ['A', 'A', 'B'].map((answer) => ({ kind: 'scored' as const, reward: answer === 'A' ? 1 : 0, answer }))
 * majorityObjective({ k: 3 }).advantages(outcomes) // => [0.5, 0.5, 0]
 * ```
 */
export function majorityObjective({ k, ties = 'share', unparsed = 'abstain' }: MajorityObjectiveOptions): Objective {
  requireInteger('k', k, { min: 1 })
  requireVoteRules(ties, unparsed)
  const name = `maj@${k}`
  const minimumSamples = Math.max(2, k)
  const check = (outcomes: readonly ScoredOutcome[]): void =>
    requireEnoughSamples(name, minimumSamples, outcomes.length)
  return {
    name,
    k,
    minimumSamples,
    estimate(outcomes) {
      check(outcomes)
      return majorityAtK(outcomes, k, { ties, unparsed })
    },
    advantages(outcomes) {
      check(outcomes)
      return majorityAdvantages(outcomes, k, ties, unparsed)
    },
  }
}
