import type { Decision, RunOptions, Sampler, Task } from '@posttrain/core'
import { votersByAnswer } from '@posttrain/estimators'
import { countVotes } from './vote.js'
import type { VoteReading } from './vote-reading.js'
import { decide } from '../internal/decide.js'
import { drawUntil, type Drawn, type DrawPlan } from '../internal/draw-until.js'
import { answersOf, tieStream, trimmedText } from '../internal/voters.js'

/** What a rule of votes looks at. */
export interface VotesSoFar {
  /** (samples): undefined where a sample gave none. */
  readonly answers: readonly (string | undefined)[]
  /** (answers seen): how many voted for each. */
  readonly votes: readonly number[]
}

/** A vote that ends early. */
export interface VotePlan extends VoteReading, Omit<DrawPlan, 'rule'> {
  /** Whether more votes are of no use. */
  readonly isDecided: (seen: VotesSoFar) => boolean
}

/** What was drawn, and the answers read from it. */
export interface VotesDrawn {
  readonly drawn: Drawn
  readonly answers: readonly (string | undefined)[]
}

/** Draws votes until a rule has seen enough. */
export async function drawVotes(
  sampler: Sampler,
  task: Task,
  { most, atOnce, answerOf = trimmedText, unparsed = 'abstain', isDecided }: VotePlan,
  options: RunOptions,
): Promise<VotesDrawn> {
  const answers: (string | undefined)[] = []
  const rule: DrawPlan['rule'] = async (_, fresh) => {
    answers.push(...answersOf(fresh, task, answerOf))
    const votes = votersByAnswer(answers, unparsed).map(({ voters }) => voters.length)
    return isDecided({ answers, votes }) ? 'decided' : undefined
  }
  const drawn = await drawUntil(sampler, task, { most, atOnce, rule }, options)
  return { drawn, answers }
}

/** The plurality of votes that were drawn until a rule had seen enough. */
export async function voteUntil(sampler: Sampler, task: Task, plan: VotePlan, options: RunOptions): Promise<Decision> {
  const votes = await drawVotes(sampler, task, plan, options)
  return plurality(votes, task, plan, options)
}

/** The decision for the answer with the most votes. */
export function plurality(
  { drawn, answers }: VotesDrawn,
  task: Task,
  { ties = 'share', unparsed = 'abstain' }: VoteReading,
  options: RunOptions,
): Decision {
  const { winner, answer, reason } = countVotes(answers, { ties, unparsed, stream: tieStream(task, options) })
  const sample = winner === undefined ? undefined : drawn.samples[winner]
  return { ...decide({ task, drawn, sample, reason }), answer }
}
