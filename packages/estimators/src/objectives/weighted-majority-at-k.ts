import type { Objective, ScoredOutcome } from '@posttrain/core'
import { answerClasses } from '../answer-classes.js'
import { requireUnparsed } from '../vote-rules.js'
import type { UnparsedPolicy } from '../vote-rules.js'
import { bordaPowerOf } from '../votes/borda-power.js'
import { weightedMajorityAtK } from '../votes/weighted-majority-at-k.js'
import { logprobWeights, weightedVote } from '../votes/weighted-vote.js'
import type { Ballot, Weighing } from '../votes/weighted-vote.js'
import { requirePart } from './choosing-objective.js'
import { choosingValues } from './choosing-values.js'
import { symmetricObjective } from './symmetric.js'

/** Subsets of one group that are looked at. */
const MOST_SUBSETS = 1_000

/** A vote of k samples, and what their votes weigh. */
export interface WeightedMajorityObjectiveOptions {
  /** Samples that vote. */
  readonly k: number
  /** Name of the part that is the weight of a sample's vote, for instance a reward model's. */
  readonly by: string
  /** Makes weights of the parts of the samples that vote, for instance `bordaWeights(0.5)` (default: as they are). */
  readonly weigh?: Weighing | undefined
  /** What a sample without an answer does (default `abstain`). */
  readonly unparsed?: UnparsedPolicy | undefined
}

/**
 * The expected reward of the answer whose votes among k weigh most, ties shared, with leave-one-out advantages.
 *
 * A sample whose part is null has no vote. The estimate is `weightedMajorityAtK`: the mean over all k-subsets up to
 * 1,000, otherwise over so many drawn ones, whose choice adds at most 1/4,000 to the variance of a task's estimate
 * where rewards are 0 and 1. Advantages are those of `symmetricObjective`.
 *
 * @param options k, the part that weighs and how, and what samples without an answer do
 * @returns an objective named `weighted-maj@K by NAME`; where `bordaWeights` weigh `borda@K^POWER by NAME`, where
 *   `logprobWeights` do `logprob-maj@K by NAME`, and where another function does `weighted-maj@K (FUNCTION) by NAME`,
 *   which `parseObjective` refuses; its functions throw for an outcome that lacks the part
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer, or an empty name of a part
 * @example
 * ```ts
 * const votes = [['a', 0.2, 1], ['b', 0.9, 0], ['a', 0.5, 1]] as const
 * const outcomes = votes.map(([answer, judge, reward]): ScoredOutcome => {
 *   return { kind: 'scored', reward, answer, parts: { judge } }
 * })
 * weightedMajorityObjective({ k: 3, by: 'judge' }).estimate(outcomes) // => 0
 * ```
 */
export function weightedMajorityObjective({
  k,
  by,
  weigh,
  unparsed = 'abstain',
}: WeightedMajorityObjectiveOptions): Objective {
  requireUnparsed(unparsed)
  requirePart(by)
  const ballots = (outcomes: readonly ScoredOutcome[]): readonly Ballot[] => ballotsOf(outcomes, by, unparsed)
  return {
    ...symmetricObjective({
      name: `${voteName(k, weigh)} by ${by}`,
      k,
      reads: [by],
      f: (outcomes) => weightedVote(ballots(outcomes), weigh).reward,
    }),
    estimate: (outcomes) => weightedMajorityAtK(ballots(outcomes), k, { weigh, subsets: MOST_SUBSETS }).value,
  }
}

/** The name of a vote says what weighs its votes, as far as a name can. */
function voteName(k: number, weigh: Weighing | undefined): string {
  if (weigh === undefined) return `weighted-maj@${k}`
  if (weigh === logprobWeights) return `logprob-maj@${k}`
  const power = bordaPowerOf(weigh)
  return power === undefined ? `weighted-maj@${k} (${weigh.name || 'a function'})` : `borda@${k}^${power}`
}

function ballotsOf(outcomes: readonly ScoredOutcome[], by: string, unparsed: UnparsedPolicy): readonly Ballot[] {
  const { values } = choosingValues(outcomes, by)
  const ballots: Ballot[] = outcomes.map(() => ({ reward: 0, weight: 0 }))
  answerClasses(outcomes, unparsed).classes.forEach(({ members, rewards }, answer) =>
    members.forEach((i, j) => {
      const weight = values[i]!
      if (weight !== null) ballots[i] = { answer: String(answer), reward: rewards[j]!, weight }
    }),
  )
  return ballots
}
