import type { RandomStream } from '@posttrain/core'
import type { TiePolicy, UnparsedPolicy } from '@posttrain/estimators'

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
  const votes = new Map<string, number[]>() // voters of each answer, in the order seen
  answers.forEach((answer, i) => {
    if (answer === undefined && unparsed === 'abstain') return
    const key = answer === undefined ? (unparsed === 'vote' ? 'unparsed' : `unparsed ${i}`) : `=${answer}`
    const voters = votes.get(key)
    if (voters === undefined) votes.set(key, [i])
    else voters.push(i)
  })
  const most = Math.max(0, ...[...votes.values()].map((voters) => voters.length))
  const leaders = [...votes.values()].filter((voters) => voters.length === most)
  if (leaders.length === 0) return nothing(`none of ${answers.length} samples has an answer`)
  const count = `${most} of ${answers.length} samples`
  const tied = leaders.length > 1
  if (tied && ties === 'strict') return nothing(`${leaders.length} answers tie with ${count} each`)
  const chosen = tied && ties === 'share' ? stream.integer(leaders.length) : 0
  const winner = leaders[chosen]![0]!
  const answer = answers[winner]
  const said = answer === undefined ? 'gave no answer' : `answered ${answer}`
  const pick = ties === 'share' ? 'picked at random from' : 'seen first of'
  return { winner, answer, reason: `${count} ${said}${tied ? `, ${pick} ${leaders.length} tied answers` : ''}` }
}

const nothing = (reason: string): VoteResult => ({ winner: undefined, answer: undefined, reason })
