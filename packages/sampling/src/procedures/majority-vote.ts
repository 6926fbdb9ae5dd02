import { createStream, requireInteger, withoutReference } from '@posttrain/core'
import type { ObjectiveProcedure, Reading, Sample } from '@posttrain/core'
import { majorityObjective, type TiePolicy, type UnparsedPolicy } from '@posttrain/estimators'
import { decide } from '../internal/decide.js'
import { drawUntil } from '../internal/draw-until.js'
import { readAnswer } from '../judge.js'
import { countVotes } from './vote.js'

/** A vote of k samples. */
export interface MajorityVoteOptions {
  /** Samples that vote. */
  readonly k: number
  /** Default `share`: in a run, one of the tied answers is picked at random, by the run's seed. */
  readonly ties?: TiePolicy | undefined
  /** What becomes of samples without an answer (default `abstain`). */
  readonly unparsed?: UnparsedPolicy | undefined
  /** Key of the answer that a sample gives; undefined if it gives none (default: the trimmed text). */
  readonly answerOf?: NonNullable<Reading['answerOf']> | undefined
}

/** What a vote is about if nobody says otherwise: the whole text. */
const trimmedText = ({ text }: Sample): string | undefined => text.trim() || undefined

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
  const { k, ties = 'share', unparsed = 'abstain', answerOf = trimmedText } = options
  requireInteger('k', k, { min: 1 })
  return {
    name: `maj@${k}`,
    objective: majorityObjective({ k, ties, unparsed }),
    answerOf,
    async run(sampler, task, options = {}) {
      const drawn = await drawUntil(sampler, task, { most: k }, options)
      const { samples } = drawn
      const deployed = withoutReference(task)
      const answers = samples.map((sample) =>
        sample.finish === 'failed' ? undefined : readAnswer({ answerOf }, sample, deployed),
      )
      const stream = createStream(options.seed ?? 0, 'vote', options.id ?? task.id)
      const { winner, answer, reason } = countVotes(answers, { ties, unparsed, stream })
      return {
        ...decide({ task, drawn, sample: winner === undefined ? undefined : samples[winner], reason }),
        answer,
      }
    },
  }
}
