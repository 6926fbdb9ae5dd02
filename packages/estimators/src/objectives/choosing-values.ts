import { invalidArgument, requireFinite } from '@posttrain/core'
import type { ScoredOutcome } from '@posttrain/core'
import { rewardsOf } from '../rewards.js'

/** What a procedure chooses by, and what a choice is worth; one entry per outcome. */
export interface ChoosingValues {
  /**
   * The part named `by`, or the reward where no part is named. null: asked and unscored, so that it cannot be chosen.
   */
  readonly values: readonly (number | null)[]
  readonly rewards: Float64Array
}

/** @throws PosttrainError `invalid-argument`, naming the outcome and the part that it lacks */
export function choosingValues(outcomes: readonly ScoredOutcome[], by: string | undefined): ChoosingValues {
  const rewards = rewardsOf(outcomes)
  if (by === undefined) return { values: Array.from(rewards), rewards }
  const values = outcomes.map(({ parts = {} }, i) => {
    const part = Object.hasOwn(parts, by) ? parts[by] : undefined
    if (part === undefined) {
      throw invalidArgument(
        `outcomes[${i}] has no part '${by}'`,
        `judge every sample by ${by}, which is what is chosen by`,
      )
    }
    return part === null ? null : requireFinite(`outcomes[${i}].parts.${by}`, part)
  })
  return { values, rewards }
}
