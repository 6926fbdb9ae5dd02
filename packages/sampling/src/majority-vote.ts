import { createStream, requireInteger, throwIfAborted } from '@posttrain/core'
import type { Outcome, Procedure, ProcedureRunOptions, Sample, Task } from '@posttrain/core'
import { majorityObjective, type TiePolicy, type UnparsedPolicy } from '@posttrain/estimators'
import { drawGroup, scoreGroup, totalUsage } from './draw-group.js'
import { countVotes } from './vote.js'

/** A vote of k samples. */
export interface MajorityVoteOptions {
  /** Samples that vote. */
  readonly k: number
  /** Default `share`: in a run, one of the tied answers is picked at random, by the run's seed. */
  readonly ties?: TiePolicy
  /** Default `abstain`. */
  readonly unparsed?: UnparsedPolicy
  /** The canonical key of a completion's answer, undefined if it has none; for runs without a reward function. */
  readonly answerOf?: (text: string) => string | undefined
}

/** What a vote is about if nobody says otherwise: the whole text. */
const trimmedText = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim())

/**
 * Majority vote (self-consistency, Wang et al. 2022, https://arxiv.org/abs/2203.11171): draws k samples and answers with
 * the answer that most of them give.
 *
 * Its objective is maj@k with the same rules. A run takes its answers from the reward function where one is given, whose
 * keys are canonical, and otherwise from `answerOf` (default: the trimmed text). Rewards have no part in the vote.
 *
 * @returns a procedure named `maj@K`; a decision's `answer` is the winning key and its `sample` the first that gave it
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer
 * @example
 * ```ts
 * majorityVote({ k: 8, ties: 'share' }).objective.name // => 'maj@8'
 * ```
 */
export function majorityVote({
  k,
  ties = 'share',
  unparsed = 'abstain',
  answerOf = trimmedText,
}: MajorityVoteOptions): Procedure {
  requireInteger('k', k, { min: 1 })
  const name = `maj@${k}`

  const answersOf = async (task: Task, samples: readonly Sample[], options: ProcedureRunOptions) => {
    if (options.reward === undefined) return samples.map(({ text }) => answerOf(text))
    const outcomes = await scoreGroup(name, task, samples, options)
    return outcomes.map((outcome: Outcome) => (outcome.kind === 'scored' ? outcome.answer : undefined))
  }

  return {
    name,
    objective: majorityObjective({ k, ties, unparsed }),
    async run(sampler, task, options = {}) {
      const samples = await drawGroup(sampler, task, k, options)
      throwIfAborted(options.signal)
      const answers = await answersOf(task, samples, options)
      const stream = createStream(options.seed ?? 0, 'vote', task.id)
      const { winner, answer, reason } = countVotes(answers, { ties, unparsed, stream })
      const sample = winner === undefined ? undefined : samples[winner]
      return { answer, sample, reason, usage: totalUsage(samples), samples }
    },
  }
}
