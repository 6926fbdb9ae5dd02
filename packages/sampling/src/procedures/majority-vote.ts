import { requireInteger, type ObjectiveProcedure } from '@posttrain/core'
import { majorityObjective } from '@posttrain/estimators'
import { drawUntil } from '../internal/draw-until.js'
import { plurality } from './vote-until.js'
import { answersOf } from '../internal/voters.js'
import { checkedReading, type VoteReading } from './vote-reading.js'

/** A vote of k samples. */
export interface MajorityVoteOptions extends VoteReading {
  /** Samples that vote. */
  readonly k: number
}

/**
 * Majority vote (self-consistency, Wang et al. 2022, https://arxiv.org/abs/2203.11171): draws k samples and answers
 * with the answer that most of them give, as `answerOf` reads it.
 *
 * Its objective is maj@k with the same rules, on answers that are read alike. Rewards have no part in the vote.
 *
 * @returns a procedure named `maj@K`; a decision's `answer` is the winning key and its `sample` the first that gave it
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer
 * @example
 * ```ts
 * majorityVote({ k: 8, ties: 'share' }).objective.name // => 'maj@8'
 * ```
 */
export function majorityVote(options: MajorityVoteOptions): ObjectiveProcedure {
  const { k } = options
  const { answerOf, ...rules } = checkedReading('majorityVote', options)
  requireInteger('k', k, { min: 1 })
  return {
    name: `maj@${k}`,
    objective: majorityObjective({ k, ...rules }),
    answerOf,
    async run(sampler, task, options = {}) {
      const drawn = await drawUntil(sampler, task, { most: k }, options)
      return plurality({ drawn, answers: answersOf(drawn.samples, task, answerOf) }, task, rules, options)
    },
  }
}
