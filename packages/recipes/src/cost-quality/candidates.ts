import { invalidData, type Group, type Procedure } from '@posttrain/core'
import { curveSizes } from '@posttrain/estimators'
import {
  adaptiveVote,
  bestOf,
  confidentVote,
  firstPassing,
  majorityVote,
  sequentialVoting,
  singleSample,
  weightedMajorityVote,
  type Replay,
} from '@posttrain/sampling'

/** What a log allows to be deployed. */
export interface CandidateOptions {
  /** Whether the score is that of a verifier which is there when deployed, too (default false). */
  readonly hasVerifier?: boolean | undefined
}

/**
 * The procedures that samples of a log can say something of: votes where samples have answers, choices where they have
 * a proxy, attempts where a verifier is deployed; each as wide as the task with the fewest samples allows.
 *
 * @param groups at least one
 * @throws PosttrainError `invalid-data` for no groups, or a task without samples
 */
export function candidateProcedures(
  groups: readonly Group[],
  replay: Replay,
  { hasVerifier = false }: CandidateOptions = {},
): readonly Procedure[] {
  const { answerOf, reward } = replay
  const n = Math.min(...groups.map(({ samples }) => samples.length))
  if (groups.length === 0 || n === 0) throw invalidData('the log has a task without samples', 'leave it out')
  const outcomes = groups.flatMap((group) => group.outcomes)
  const widths = curveSizes(n).filter((k) => k > 1)
  const hasAnswers = outcomes.some(({ answer }) => answer !== undefined)
  const hasProxy = outcomes.every(({ parts }) => parts !== undefined && Object.hasOwn(parts, PROXY))
  const isWeight = hasProxy && outcomes.every(({ parts }) => (parts![PROXY] ?? 0) >= 0)
  const proxy = replay.by(PROXY)
  return [
    singleSample(),
    ...(hasAnswers ? widths.filter((k) => k > 2).map((k) => majorityVote({ k, answerOf })) : []),
    ...(hasAnswers && n > 2 ? [adaptiveVote({ most: n, answerOf }), confidentVote({ most: n, answerOf })] : []),
    ...(hasAnswers && n >= 8 ? [sequentialVoting({ answerOf })] : []),
    ...(hasAnswers && isWeight ? widths.map((k) => weightedMajorityVote({ k, by: proxy, answerOf })) : []),
    ...(hasProxy ? widths.map((k) => bestOf({ n: k, by: proxy })) : []),
    ...(hasVerifier ? widths.map((k) => firstPassing({ k, by: { ...reward, name: 'verifier' } })) : []),
  ]
}

/** What logs call the score that best-of-N chooses by. */
const PROXY = 'proxy'
