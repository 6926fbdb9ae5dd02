import { sum } from '@posttrain/core'
import type { ScoredOutcome } from '@posttrain/core'
import { rewardsOf } from './rewards.js'
import type { UnparsedPolicy } from './vote-rules.js'
import { votersByAnswer } from './votes/voters-by-answer.js'

/** Samples that vote for the same answer, by index and in the order they were seen. */
export interface AnswerClass {
  readonly members: readonly number[]
  /** (members): what each of them is worth. */
  readonly rewards: readonly number[]
}

/** A group sorted into answers. */
export interface AnswerClasses {
  readonly classes: readonly AnswerClass[]
  /** Number of samples that do not vote. */
  readonly abstaining: number
}

/** Sorts a group into classes of equal answers, under a rule for samples that gave none. */
export function answerClasses(outcomes: readonly ScoredOutcome[], unparsed: UnparsedPolicy): AnswerClasses {
  const rewards = rewardsOf(outcomes)
  const answers = outcomes.map(({ answer }) => answer)
  const classes = votersByAnswer(answers, unparsed).map(({ answer, voters }) => {
    const wrong = answer === undefined && unparsed === 'wrong'
    return { members: voters, rewards: voters.map((i) => (wrong ? 0 : rewards[i]!)) }
  })
  return { classes, abstaining: outcomes.length - sum(classes.map(({ members }) => members.length)) }
}
