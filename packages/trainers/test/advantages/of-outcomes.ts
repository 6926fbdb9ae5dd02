import type { ScoredOutcome } from '@posttrain/core'
import { finitePolicy, type FinitePolicy } from '@posttrain/laws'
import type { AdvantageEstimator } from '../../src/advantages/advantage-estimator.js'

/** An estimator that looks at one group's rewards, as a function of them: advantages per sample. */
export const ofOutcomes =
  (estimator: AdvantageEstimator): ((outcomes: readonly ScoredOutcome[]) => readonly number[]) =>
  (outcomes) =>
    estimator.advantages([{ task: { id: 'x', prompt: 'x' }, samples: [], outcomes }])[0]!.advantages.map(Number)

/** Its share of a step: divided by n, which in training the weight of a sample does. */
export const stepOf =
  (estimator: AdvantageEstimator): ((outcomes: readonly ScoredOutcome[]) => readonly number[]) =>
  (outcomes) =>
    ofOutcomes(estimator)(outcomes).map((advantage) => advantage / outcomes.length)

/** Four outcomes of which two are right; wrong with probability 0.6356. */
export const binary: FinitePolicy = finitePolicy(
  [0, 1, 0, 1].map((reward) => ({ kind: 'scored', reward })),
  [0.2, -0.3, 0.5, -0.1],
)

/** Outcomes with these rewards. */
export const rewarded = (...rewards: number[]): ScoredOutcome[] => rewards.map((reward) => ({ kind: 'scored', reward }))
