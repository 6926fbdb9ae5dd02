import { callCaller, described, invalidData, requireInteger, shown, withoutReference } from '@posttrain/core'
import type { CallOptions, Procedure, Task } from '@posttrain/core'
import { sequentialVote, type SequentialVoteRule } from '@posttrain/estimators'
import { decide } from '../internal/decide.js'
import { drawVotes, plurality } from './vote-until.js'
import { checkedReading, type VoteReading } from './vote-reading.js'

/** Trials until some agree. */
export interface SequentialVotingOptions extends SequentialVoteRule, Pick<VoteReading, 'answerOf' | 'ties'> {
  /**
   * Says that a task is easy, which then gets exactly one trial: adaptive sequential voting. It sees no reference
   * (default: no task is).
   */
  readonly isEasy?: ((task: Task) => boolean | Promise<boolean>) | undefined
}

/**
 * Sequential voting (IBPO, Yu et al. 2025, https://arxiv.org/abs/2501.17974): draws one trial after another and answers
 * with the first answer that `needed` of at most `atMost` trials give; without such a consensus with the plurality.
 *
 * With `isEasy` it is adaptive sequential voting: easy tasks get one trial. It has no objective.
 *
 * @returns a procedure named for instance `sequential@8 (3 agree)`
 * @throws PosttrainError `invalid-argument` for a rule that cannot end in a consensus
 * @example
 * ```ts
 * sequentialVoting({ isEasy: ({ tags }) => tags?.level === '1' }).name // => 'sequential@8 (3 agree, easy tasks 1)'
 * ```
 */
export function sequentialVoting(options: SequentialVotingOptions = {}): Procedure {
  const { needed = 3, atMost = 8, isEasy } = options
  const { answerOf, ties } = checkedReading('sequentialVoting', options)
  requireInteger('needed', needed, { min: 1 })
  sequentialVote([], { needed, atMost }) // checks them
  return {
    name: `sequential@${atMost} (${needed} agree${isEasy ? ', easy tasks 1' : ''})`,
    answerOf,
    async run(sampler, task, runOptions = {}) {
      const easy = isEasy !== undefined && (await judgedEasy(isEasy, withoutReference(task), runOptions))
      const isDecided = ({ votes }: { readonly votes: readonly number[] }): boolean =>
        easy || votes.some((count) => count >= needed)
      const votes = await drawVotes(sampler, task, { most: atMost, atOnce: 1, answerOf, isDecided }, runOptions)
      const { drawn, answers } = votes
      const { answer, trials } = sequentialVote(answers, { needed, atMost })
      if (answer === undefined) return plurality(votes, task, { ties }, runOptions)
      const sample = drawn.samples[answers.indexOf(answer)]
      return { ...decide({ task, drawn, sample, reason: `${needed} of ${trials} trials answered ${answer}` }), answer }
    },
  }
}

async function judgedEasy(
  isEasy: NonNullable<SequentialVotingOptions['isEasy']>,
  task: Task,
  { signal }: CallOptions,
): Promise<boolean> {
  const where = `on task ${shown(task.id)}`
  const easy: unknown = await callCaller('isEasy', where, async () => isEasy(task), { signal })
  if (typeof easy === 'boolean') return easy
  throw invalidData(`isEasy ${where} is ${described(easy)}`, 'isEasy returns true or false')
}
