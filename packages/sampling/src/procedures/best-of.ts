import { requireInteger, withoutReference, type ObjectiveProcedure, type RewardFunction } from '@posttrain/core'
import { bestOfNObjective } from '@posttrain/estimators'
import { askReward } from '../ask-reward.js'
import { decide } from '../internal/decide.js'
import { drawUntil } from '../internal/draw-until.js'
import { requireBy } from '../checks/require-functions.js'

/** A choice of the best. */
export interface BestOfOptions {
  /** Samples to choose from. */
  readonly n: number
  /** What chooses, for instance a reward model; it sees no reference. The reward that counts is another matter. */
  readonly by: RewardFunction
}

/**
 * Best-of-N: draws n samples and answers with the one that `by` likes best; the first drawn wins a tie, and a sample
 * that `by` cannot score is not chosen.
 *
 * Its objective is the expected reward of that answer, by whatever reward counts: a reward model may choose and a
 * verifier count. With the same reward for both it is max@n.
 *
 * @returns a procedure named `best-of-N by NAME`
 * @throws PosttrainError `invalid-argument` for an n that is not a positive integer or a missing `by`
 * @example
 * ```ts
 * const by: RewardFunction = {
 *   name: 'short',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: -text.length })),
 * }
 * bestOf({ n: 8, by }).objective.reads // => ['short']
 * ```
 */
export function bestOf({ n, by }: BestOfOptions): ObjectiveProcedure {
  requireInteger('n', n, { min: 1 })
  requireBy('bestOf', by)
  return {
    name: `best-of-${n} by ${by.name}`,
    objective: bestOfNObjective({ n, by: by.name }),
    by,
    async run(sampler, task, options = {}) {
      const drawn = await drawUntil(sampler, task, { most: n }, options)
      const { samples } = drawn
      const outcomes = await askReward(by, withoutReference(task), samples, options)
      let best = -1
      let highest = -Infinity
      outcomes.forEach((outcome, i) => {
        if (outcome.kind === 'scored' && outcome.reward > highest) [best, highest] = [i, outcome.reward]
      })
      const sample = samples[best]
      const reason = sample
        ? `sample ${sample.index} is the best of ${samples.length} by ${by.name}, with ${highest}`
        : `none of ${samples.length} samples was scored by ${by.name}`
      return decide({ task, drawn, outcomes, sample, reason })
    },
  }
}
