import { requireUnparsed } from '../vote-rules.js'
import type { UnparsedPolicy } from '../vote-rules.js'

/** The samples that vote for one answer. */
export interface AnswerVoters {
  /** Canonical key of the answer. Absent: these samples gave none. */
  readonly answer: string | undefined
  /** Indices of the samples, ascending. */
  readonly voters: readonly number[]
}

/**
 * Who votes for what: the samples of a group by the answer that they vote for. Every vote here and every deployed one
 * counts so.
 *
 * @param answers one canonical key per sample; undefined where a sample gave none
 * @param unparsed what a sample without an answer does; one that abstains is in no class (default `abstain`)
 * @returns one entry per answer, in the order of first appearance
 * @throws PosttrainError `invalid-argument` for an unknown rule
 * @example
 * ```ts
 * const classes = votersByAnswer(['7', undefined, '9', '7'], 'vote')
 * classes.map(({ answer }) => answer) // => ['7', undefined, '9']
 * classes.map(({ voters }) => voters) // => [[0, 3], [1], [2]]
 * ```
 */
export function votersByAnswer(
  answers: readonly (string | undefined)[],
  unparsed: UnparsedPolicy = 'abstain',
): readonly AnswerVoters[] {
  requireUnparsed(unparsed)
  const byAnswer = new Map<string | undefined, number[]>()
  const classes: AnswerVoters[] = []
  answers.forEach((answer, i) => {
    if (answer === undefined && unparsed === 'abstain') return
    const alone = answer === undefined && unparsed === 'wrong'
    const known = alone ? undefined : byAnswer.get(answer)
    if (known) {
      known.push(i)
      return
    }
    const voters = [i]
    if (!alone) byAnswer.set(answer, voters)
    classes.push({ answer, voters })
  })
  return classes
}
