import { requireEnoughSamples, requireInteger } from '@posttrain/core'
import type { Objective, ScoredOutcome } from '@posttrain/core'

/** An objective as functions of what it reads of the outcomes. */
export interface ObjectiveParts<T> extends Pick<
  Objective,
  'name' | 'k' | 'minimumSamples' | 'reads' | 'estimateCounts'
> {
  /** What estimate and advantages are made of, checked. */
  readonly read: (outcomes: readonly ScoredOutcome[]) => T
  readonly estimate: (read: T) => number
  readonly advantages: (read: T) => readonly number[]
}

/** The objective that refuses fewer samples than each of its functions needs, and then reads them. */
export function checkedObjective<T>({ read, estimate, advantages, ...named }: ObjectiveParts<T>): Objective {
  const { name, k, minimumSamples } = named
  requireInteger('k', k, { min: 1 })
  return {
    ...named,
    estimate(outcomes) {
      requireEnoughSamples(name, k, outcomes.length)
      return estimate(read(outcomes))
    },
    advantages(outcomes) {
      requireEnoughSamples(name, minimumSamples, outcomes.length)
      return advantages(read(outcomes))
    },
  }
}
