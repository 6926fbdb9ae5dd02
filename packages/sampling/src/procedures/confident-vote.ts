import { requireFinite, requireInteger, type Procedure } from '@posttrain/core'
import { voteUntil, type VotesSoFar } from './vote-until.js'
import { checkedReading, type VoteReading } from './vote-reading.js'

/** A vote that ends when enough of it agrees. */
export interface ConfidentVoteOptions extends VoteReading {
  /** Samples that vote, at most. */
  readonly most: number
  /** Samples drawn before the first look (default 4). */
  readonly warmUp?: number | undefined
  /** The leading answer's share of all samples that ends the vote, above ½ and at most 1 (default 0.95). */
  readonly share?: number | undefined
  /** Doubles the samples between two looks, for servers that draw many at once (default false: one by one). */
  readonly doubling?: boolean | undefined
}

/**
 * A vote that ends once the leading answer has the share `share` of all samples, looked at from `warmUp` samples on,
 * and answers with the plurality. A sample without an answer agrees with none.
 *
 * With a share of 0.95 it is the consensus rule of DeepConf (Fu et al. 2025, https://arxiv.org/abs/2508.15260), of
 * votes that all weigh the same; with 0.75 and doubling it is a rule of servers of self-consistency. It has no
 * objective.
 *
 * @returns a procedure named for instance `confident@16 (0.95 after 4)`
 * @throws PosttrainError `invalid-argument` for numbers out of range
 * @example
 * ```ts
 * confidentVote({ most: 32, share: 0.75, doubling: true }).name // => 'confident@32 (0.75 after 4, doubling)'
 * ```
 */
export function confidentVote(options: ConfidentVoteOptions): Procedure {
  const { most, warmUp = 4, share = 0.95, doubling = false } = options
  const reading = checkedReading('confidentVote', options)
  requireInteger('most', most, { min: 1 })
  requireInteger('warmUp', warmUp, { min: 1 })
  requireFinite('share', share, { above: 0.5, max: 1 })
  const atOnce = (drawn: number): number => (drawn === 0 ? warmUp : doubling ? drawn : 1)
  const isDecided = ({ answers, votes }: VotesSoFar): boolean =>
    answers.length >= warmUp && Math.max(0, ...votes) >= share * answers.length
  return {
    name: `confident@${most} (${share} after ${warmUp}${doubling ? ', doubling' : ''})`,
    answerOf: reading.answerOf,
    run: (sampler, task, runOptions = {}) =>
      voteUntil(sampler, task, { ...reading, most, atOnce, isDecided }, runOptions),
  }
}
