import type { ScoreName, ScoreRequest } from '@posttrain/core'
import { planScores, type ScorePlan } from '../score-plan.js'

/** The scores of a policy, with or without a value head. */
export const policyScores = (valueHead: boolean): ReadonlySet<ScoreName> =>
  new Set<ScoreName>(['logprob', 'entropy', 'klToReference', ...(valueHead ? (['value'] as const) : [])])

/** The one score of a reward model. */
export const rewardScores: ReadonlySet<ScoreName> = new Set<ScoreName>(['value'])

/** Reads a request for scores of a policy. @throws PosttrainError as `planScores` */
export const planTransformer = (request: ScoreRequest, valueHead: boolean): ScorePlan =>
  planScores(request, policyScores(valueHead), [
    'this transformer has no value head',
    'give its configuration valueHead: true',
  ])

/** Reads a request for scores of a reward model. @throws PosttrainError as `planScores` */
export const planRewardModel = (request: ScoreRequest): ScorePlan =>
  planScores(request, rewardScores, [
    'a reward model has no distribution over tokens, only values',
    "ask for { scores: ['value'] }",
  ])
