import { invalidArgument, requireFiniteArray } from '@posttrain/core'
import type { ScoredOutcome } from '@posttrain/core'

/** The rewards of a group, checked to be finite. */
export function rewardsOf(outcomes: readonly ScoredOutcome[]): Float64Array {
  const rewards = Float64Array.from(outcomes, ({ reward }) => reward)
  requireFiniteArray('rewards', rewards)
  return rewards
}

/**
 * The rewards of a group, each of which must be 0 or 1.
 *
 * @param what needs them, for the message: for instance `pass@8`
 * @param outcomes of one task
 * @returns (outcomes), in their order
 * @throws PosttrainError `invalid-argument`, naming the first other reward
 * @example
 * ```ts
 * const outcomes = [1, 0].map((reward) => ({ kind: 'scored' as const, reward }))
 * binaryRewards('pass@2', outcomes) // => new Float64Array([1, 0])
 * ```
 */
export function binaryRewards(what: string, outcomes: readonly ScoredOutcome[]): Float64Array {
  const rewards = rewardsOf(outcomes)
  rewards.forEach((reward, i) => {
    if (reward !== 0 && reward !== 1) {
      throw invalidArgument(
        `${what} needs rewards of 0 or 1, but rewards[${i}] is ${reward}`,
        'decide what counts as correct before estimating, or use max@k for continuous rewards',
      )
    }
  })
  return rewards
}

/** True if no reward differs from the first: such a group carries no signal, whatever its spread rounds to. */
export function allEqual(rewards: ArrayLike<number>): boolean {
  for (let i = 1; i < rewards.length; i++) if (rewards[i] !== rewards[0]) return false
  return true
}
