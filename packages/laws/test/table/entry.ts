import type { ScoredOutcome } from '@posttrain/core'
import { binaryOutcome, partOutcome } from '@posttrain/laws'
import type { EstimatorClaims, GroupValue } from '@posttrain/laws'

/** Something with a title and what it claims to be. */
export interface Entry<Subject, Claims> {
  readonly title: string
  readonly subject: Subject
  readonly claims: Claims
}

/** Small k: everything is written out. */
export const ks = [1, 2, 3, 4]
/** The rewards of a group. */
export const rewardsOf = (outcomes: readonly ScoredOutcome[]): number[] => outcomes.map(({ reward }) => reward)
/** Outcomes with a part that chooses, all of them scored by it. */
export const scoredPart = partOutcome('proxy').filter(({ parts }) => parts!['proxy'] !== null)
/** The two scores of outcomes that carry a proxy. */
export const proxied = (outcomes: readonly ScoredOutcome[]): { proxy: number[]; gold: number[] } => ({
  proxy: outcomes.map(({ parts }) => parts!['proxy']!),
  gold: rewardsOf(outcomes),
})

/** Claims of an estimator on verdicts. */
export const binary = (value: GroupValue): EstimatorClaims => ({ value, outcome: binaryOutcome(), monotone: true })
