import { invalidArgument, type ScoredOutcome } from '@posttrain/core'

/** The rewards of a group, checked to be 0 or 1. */
export function binaryRewards(what: string, outcomes: readonly ScoredOutcome[]): Float64Array {
  return Float64Array.from(outcomes, ({ reward }, i) => {
    if (reward === 0 || reward === 1) return reward
    throw invalidArgument(
      `${what} needs rewards of 0 or 1, but rewards[${i}] is ${reward}`,
      'decide what counts as correct in the reward function',
    )
  })
}
