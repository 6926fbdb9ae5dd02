import type { ScoredOutcome } from '@posttrain/core'
import { binaryOutcome } from '@posttrain/laws'
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
/** The two scores of outcomes that carry a proxy. */
export const proxied = (outcomes: readonly ScoredOutcome[]): { proxy: number[]; gold: number[] } => ({
  proxy: outcomes.map((outcome) => (outcome as ScoredOutcome & { proxy: number }).proxy),
  gold: rewardsOf(outcomes),
})

/** Claims of an estimator on verdicts. */
export const binary = (value: GroupValue): EstimatorClaims => ({ value, outcome: binaryOutcome(), monotone: true })
