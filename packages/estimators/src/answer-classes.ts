import { requireFinite } from '@posttrain/core'
import type { ScoredOutcome } from '@posttrain/core'
import { requireOneOf } from './one-of.js'

/**
 * What decides when several answers have the most votes: `share` their mean reward, the expectation of a random
 * pick; `strict` nobody wins and the vote scores 0; `first` the answer among them that was seen first.
 */
export type TiePolicy = 'share' | 'strict' | 'first'

/**
 * What a sample without an answer does in a vote: `abstain` is drawn but has no vote; `vote` votes, together with all
 * other unparsed samples, for one answer "unparsed"; `wrong` votes alone, for a wrong answer that nobody else gives.
 */
export type UnparsedPolicy = 'abstain' | 'vote' | 'wrong'

const tiePolicies: readonly TiePolicy[] = ['share', 'strict', 'first']
const unparsedPolicies: readonly UnparsedPolicy[] = ['abstain', 'vote', 'wrong']

/** Checks the rules of a vote. */
export function requireVoteRules(ties: TiePolicy, unparsed: UnparsedPolicy): void {
  requireOneOf('ties', ties, tiePolicies)
  requireOneOf('unparsed', unparsed, unparsedPolicies)
}

/** Samples that vote for the same answer, by index and in the order they were seen. */
export interface AnswerClass {
  readonly members: readonly number[]
  /** Reward of each member, in the order of `members`. */
  readonly rewards: readonly number[]
}

/** A group sorted into answers. */
export interface AnswerClasses {
  readonly classes: readonly AnswerClass[]
  readonly abstaining: readonly number[]
}

/** Sorts a group into equivalence classes of answers under a policy for samples that gave none. */
export function answerClasses(outcomes: readonly ScoredOutcome[], unparsed: UnparsedPolicy): AnswerClasses {
  const byKey = new Map<string, { members: number[]; rewards: number[] }>()
  const classes: AnswerClass[] = []
  const abstaining: number[] = []
  outcomes.forEach(({ reward, answer }, i) => {
    if (!Number.isFinite(reward)) requireFinite(`rewards[${i}]`, reward)
    if (answer === undefined && unparsed === 'abstain') {
      abstaining.push(i)
    } else if (answer === undefined && unparsed === 'wrong') {
      classes.push({ members: [i], rewards: [0] })
    } else {
      const key = answer === undefined ? 'unparsed' : `=${answer}`
      let found = byKey.get(key)
      if (found === undefined) {
        found = { members: [], rewards: [] }
        byKey.set(key, found)
        classes.push(found)
      }
      found.members.push(i)
      found.rewards.push(reward)
    }
  })
  return { classes, abstaining }
}
