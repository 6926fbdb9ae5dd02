import { invalidArgument, type ObjectiveProcedure, type Reading, type RewardFunction } from '@posttrain/core'
import { familyOf, parseObjective } from '@posttrain/estimators'
import { bestOf } from './best-of.js'
import { firstPassing } from './first-passing.js'
import { majorityVote } from './majority-vote.js'
import { singleSample } from './single-sample.js'

/** What a named procedure chooses by and how it reads; each is needed by some procedures. */
export interface ProcedureParts {
  /** A verifier or reward model, for `pass@K` and `best-of-N`. */
  readonly by?: RewardFunction | undefined
  /** For `maj@K` (default: the trimmed text). */
  readonly answerOf?: NonNullable<Reading['answerOf']> | undefined
}

/**
 * The procedure that a name stands for: a single sample, the first of K that passes `by`, the vote of K, the best of N
 * by `by`.
 *
 * @param name `mean`, `pass@K`, `maj@K` or `best-of-N`
 * @throws PosttrainError `invalid-argument` naming the accepted forms, or for a missing `by`
 * @example
 * ```ts
 * parseProcedure('maj@8', {}).objective.name // => 'maj@8'
 * ```
 */
export function parseProcedure(name: string, parts: ProcedureParts = {}): ObjectiveProcedure {
  const make = MAKERS[familyOf(name) ?? 'none']
  if (make) return make(parseObjective(name).k, parts)
  throw invalidArgument(
    `the procedure '${name}' is unknown`,
    'use mean, pass@K, maj@K or best-of-N, where K and N are numbers of samples, for instance pass@8',
  )
}

type Make = (k: number, parts: ProcedureParts) => ObjectiveProcedure

/** By family of the objective that the name stands for. A missing `by` is refused where the procedure is made. */
const MAKERS: Readonly<Record<string, Make | undefined>> = {
  mean: () => singleSample(),
  'pass@': (k, { by }) => firstPassing({ k, by: by! }),
  'maj@': (k, { answerOf }) => majorityVote({ k, answerOf }),
  'best-of-': (n, { by }) => bestOf({ n, by: by! }),
}

/** Whether a name stands for a procedure: there are objectives, such as `pass^K`, that are none. */
export const isProcedureName = (name: string): boolean => MAKERS[familyOf(name) ?? 'none'] !== undefined
