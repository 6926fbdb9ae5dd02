import type { Reading } from '@posttrain/core'
import type { TiePolicy, UnparsedPolicy } from '@posttrain/estimators'

/** How the samples of a vote are read, and how it is counted at the end. */
export interface VoteReading {
  /** Key of the answer that a sample gives; undefined if it gives none (default: the trimmed text). */
  readonly answerOf?: NonNullable<Reading['answerOf']> | undefined
  /** Default `share`: one of the tied answers is picked at random, by the run's seed. */
  readonly ties?: TiePolicy | undefined
  /** What becomes of samples without an answer (default `abstain`). */
  readonly unparsed?: UnparsedPolicy | undefined
}
