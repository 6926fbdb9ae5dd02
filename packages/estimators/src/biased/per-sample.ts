import type { Objective, ScoredOutcome } from '@posttrain/core'

/** An objective's advantages in the field's convention: n times those of its theorem, which have the 1/n inside. */
export const perSample = (objective: Objective, outcomes: readonly ScoredOutcome[]): number[] =>
  objective.advantages(outcomes).map((advantage) => outcomes.length * advantage)
