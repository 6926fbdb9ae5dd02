import type { ScoredOutcome } from '@posttrain/core'
import { finitePolicy, type FinitePolicy } from '@posttrain/laws'
import type { AdvantageRule } from '../../src/advantages/advantage-rule.js'

/** A rule that looks at one group's rewards, as a function of them. */
export const ofOutcomes =
  (rule: AdvantageRule): ((outcomes: readonly ScoredOutcome[]) => readonly number[]) =>
  (outcomes) =>
    rule.assign([{ task: { id: 'x', prompt: 'x' }, samples: [], outcomes }])[0]!.advantages.map(Number)

/** Four outcomes of which two are right; wrong with probability 0.6356. */
export const binary: FinitePolicy = finitePolicy(
  [0, 1, 0, 1].map((reward) => ({ kind: 'scored', reward })),
  [0.2, -0.3, 0.5, -0.1],
)

/** Outcomes with these rewards. */
export const rewarded = (...rewards: number[]): ScoredOutcome[] => rewards.map((reward) => ({ kind: 'scored', reward }))
