import { invalidArgument, invalidData, type RewardFunction, type Task } from '@posttrain/core'
import { verifierReward } from './verifier-reward.js'

/** Options of {@link answerMatches}. */
export interface AnswerMatchesOptions {
  /** The answer that a completion gives (default: its text without the spaces around it). */
  readonly answerOf?: ((text: string) => string | undefined) | undefined
  /** Whether an answer is as good as the reference (default: the two are the same text). */
  readonly equal?: ((answer: string, reference: string) => boolean) | undefined
  /** For reports (default `answer-matches`). */
  readonly name?: string | undefined
}

/**
 * Reward 1 for an answer equal to the task's reference, otherwise 0. A completion without an answer gets 0 and casts no
 * vote.
 *
 * @throws PosttrainError `invalid-argument` for an option that is no function; the reward throws `invalid-data` for a
 *   task without a reference or an `answerOf` that gives no text
 * @example
 * ```ts
 * const boxed = answerMatches({ answerOf: (text) => /\\boxed\{(.*)\}/.exec(text)?.[1] })
 * boxed.name // => 'answer-matches'
 * ```
 */
export function answerMatches({
  answerOf = (text) => text.trim(),
  equal = (answer, reference) => answer === reference,
  name = 'answer-matches',
}: AnswerMatchesOptions = {}): RewardFunction {
  for (const [option, given] of Object.entries({ answerOf, equal })) {
    if (typeof given !== 'function') throw invalidArgument(`${option} must be a function, but is ${String(given)}`)
  }
  return verifierReward(name, (task) => {
    const reference = referenceOf(task, name)
    return (text) => {
      const answer: unknown = answerOf(text)
      if (answer === undefined) return { correct: false }
      if (typeof answer === 'string') return { correct: equal(answer, reference), answer }
      throw invalidData(
        `answerOf of ${name} gave ${JSON.stringify(answer)} for task ${task.id}`,
        'give a text, or undefined',
      )
    }
  })
}

function referenceOf({ id, reference }: Task, name: string): string {
  if (reference !== undefined) return reference
  throw invalidData(
    `task ${id} has no reference for ${name} to compare with`,
    'a procedure that chooses by a reward does not see references: choose by another one',
  )
}
