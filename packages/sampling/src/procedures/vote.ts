import type { RandomStream } from '@posttrain/core'
import { votersByAnswer, type TiePolicy, type UnparsedPolicy } from '@posttrain/estimators'

/** Rules of one vote. */
export interface VoteOptions {
  readonly ties: TiePolicy
  readonly unparsed: UnparsedPolicy
  /** Picks among tied answers under `share`. */
  readonly stream: RandomStream
}

/** What a vote came to. */
export interface VoteResult {
  /** Index of the first voter for the winning answer; absent if nothing won. */
  readonly winner: number | undefined
  /** The winning key; absent if nothing won, or if what won is "no answer". */
  readonly answer: string | undefined
  readonly reason: string
}

/** The plurality of answers under the rules of estimators' maj@k; undefined entries are samples without an answer. */
export function countVotes(
  answers: readonly (string | undefined)[],
  { ties, unparsed, stream }: VoteOptions,
): VoteResult {
  const classes = votersByAnswer(answers, unparsed)
  const most = Math.max(0, ...classes.map(({ voters }) => voters.length))
  const leaders = classes.filter(({ voters }) => voters.length === most)
  if (leaders.length === 0) return nothing(`none of ${answers.length} samples has an answer`)
  const count = `${most} of ${answers.length} samples`
  const tied = leaders.length > 1
  if (tied && ties === 'strict') return nothing(`${leaders.length} answers tie with ${count} each`)
  const { answer, voters } = leaders[tied && ties === 'share' ? stream.integer(leaders.length) : 0]!
  if (answer === undefined && unparsed === 'wrong') return nothing('the sample that wins has no answer, which is wrong')
  const said = answer === undefined ? 'gave no answer' : `answered ${answer}`
  const pick = ties === 'share' ? 'picked at random from' : 'seen first of'
  const reason = `${count} ${said}${tied ? `, ${pick} ${leaders.length} tied answers` : ''}`
  return { winner: voters[0], answer, reason }
}

const nothing = (reason: string): VoteResult => ({ winner: undefined, answer: undefined, reason })
