import { requireInteger, type Procedure } from '@posttrain/core'
import { isVoteDecided, type StoppingRule } from '@posttrain/estimators'
import { voteUntil } from './vote-until.js'
import { checkedReading, type VoteReading } from './vote-reading.js'

/** A vote that ends when it is decided. */
export interface AdaptiveVoteOptions extends VoteReading, StoppingRule {
  /** Samples that vote, at most (default 40). */
  readonly most?: number | undefined
  /** Samples between two looks at the votes (default 1, which saves the most samples). */
  readonly atOnce?: number | undefined
}

/**
 * Adaptive consistency (Aggarwal et al. 2023, https://arxiv.org/abs/2305.11860): draws votes until the leading answer
 * is ahead with the probability `threshold`, and answers with the plurality.
 *
 * With the Beta criterion and 0.95 four votes of one accord are enough, three (0.9375) are not. Where votes ended the
 * run their number depends on what they said; so it has no objective, and `evaluate` runs it.
 *
 * @returns a procedure named for instance `adaptive@40 (beta 0.95)`
 * @throws PosttrainError `invalid-argument` for numbers out of range or an unknown criterion
 * @example
 * ```ts
 * adaptiveVote({ most: 16, criterion: 'dirichlet' }).name // => 'adaptive@16 (dirichlet 0.95)'
 * ```
 */
export function adaptiveVote(options: AdaptiveVoteOptions = {}): Procedure {
  const { most = 40, atOnce = 1, criterion = 'beta', threshold = 0.95 } = options
  const reading = checkedReading('adaptiveVote', options)
  requireInteger('most', most, { min: 1 })
  requireInteger('atOnce', atOnce, { min: 1 })
  isVoteDecided([], { criterion, threshold }) // checks them
  const isDecided = ({ votes }: { readonly votes: readonly number[] }): boolean =>
    isVoteDecided(votes, { criterion, threshold })
  return {
    name: `adaptive@${most} (${criterion} ${threshold})`,
    answerOf: reading.answerOf,
    run: (sampler, task, runOptions = {}) =>
      voteUntil(sampler, task, { ...reading, most, atOnce, isDecided }, runOptions),
  }
}
