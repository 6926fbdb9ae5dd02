import type { RunOptions, Sample, Task } from '@posttrain/core'
import { votersByAnswer, weightedVote, type UnparsedPolicy } from '@posttrain/estimators'
import type { Trace } from './trace.js'
import { tieStream } from './voters.js'

/** A trace and the answer that it gives. */
export interface AnsweredTrace extends Trace {
  readonly answer: string | undefined
}

/** How votes weighed by confidence stand. */
export interface ConfidentVotes {
  /** Those that vote: not stopped, and in no group less confident than the threshold. */
  readonly voters: readonly AnsweredTrace[]
  /** Answers of the greatest weight, with their voters. */
  readonly winners: readonly { readonly answer: string | undefined; readonly voters: readonly number[] }[]
  /** Of the leading answer, and of all. */
  readonly weight: number
  readonly total: number
}

/** Counts the votes of traces, each of the weight of its confidence. */
export function countConfidentVotes(
  traces: readonly AnsweredTrace[],
  threshold: number,
  unparsed: UnparsedPolicy,
): ConfidentVotes {
  const voters = traces.filter(({ lowest, isStopped }) => !isStopped && lowest !== undefined && lowest >= threshold)
  const classes = votersByAnswer(
    voters.map(({ answer }) => answer),
    unparsed,
  )
  const ballots = classes.flatMap((one, place) =>
    one.voters.map((i) => ({ answer: String(place), weight: voters[i]!.lowest!, reward: 0 })),
  )
  const { winners, totals } = weightedVote(ballots)
  return {
    voters,
    winners: winners.map((place) => classes[Number(place)]!),
    weight: winners.length === 0 ? 0 : totals.get(winners[0]!)!,
    total: [...totals.values()].reduce((sum, weight) => sum + weight, 0),
  }
}

/** What votes come to, in words: one of tied answers is picked at random. */
export function confidentWinner(
  { voters, winners, weight, total }: ConfidentVotes,
  task: Task,
  unparsed: UnparsedPolicy,
  options: RunOptions,
): { readonly sample: Sample | undefined; readonly answer: string | undefined; readonly reason: string } {
  const nobody = { sample: undefined, answer: undefined }
  if (winners.length === 0) return { ...nobody, reason: 'no trace has a vote' }
  const won = winners[winners.length > 1 ? tieStream(task, options).integer(winners.length) : 0]!
  if (won.answer === undefined && unparsed === 'wrong') {
    return { ...nobody, reason: 'the sample that wins has no answer, which is wrong' }
  }
  const said = won.answer === undefined ? 'no answer' : `the answer ${won.answer}`
  const tied = winners.length > 1 ? `, picked at random from ${winners.length} tied answers` : ''
  const reason = `${said} weighs ${short(weight)} of ${short(total)} among ${voters.length} votes${tied}`
  return { sample: voters[won.voters[0]!]!.sample, answer: won.answer, reason }
}

/** A confidence as people read it. */
export const short = (value: number): number => Number(value.toPrecision(4))
