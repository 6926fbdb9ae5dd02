import type { Reading } from '@posttrain/core'
import { checkedRules, type TiePolicy, type UnparsedPolicy } from '@posttrain/estimators'
import { requireFunctions } from '../checks/require-functions.js'
import { trimmedText } from '../internal/voters.js'

/** How the samples of a vote are read, and how it is counted at the end. */
export interface VoteReading {
  /** Key of the answer that a sample gives; undefined if it gives none (default: the trimmed text). */
  readonly answerOf?: NonNullable<Reading['answerOf']> | undefined
  /** Default `share`: one of the tied answers is picked at random, by the run's seed. */
  readonly ties?: TiePolicy | undefined
  /** What becomes of samples without an answer (default `abstain`). */
  readonly unparsed?: UnparsedPolicy | undefined
}

/** How a vote reads and counts, with the defaults. */
export type CheckedReading = { readonly [Field in keyof VoteReading]-?: NonNullable<VoteReading[Field]> }

/** @throws PosttrainError `invalid-argument` for a rule there is not, or an `answerOf` that is no function */
export function checkedReading(name: string, { answerOf = trimmedText, ...rules }: VoteReading): CheckedReading {
  requireFunctions(name, { answerOf })
  return { answerOf, ...checkedRules(rules) }
}
