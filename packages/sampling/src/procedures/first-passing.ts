import { requireFinite, requireInteger, withoutReference } from '@posttrain/core'
import type { ObjectiveProcedure, Outcome, RewardFunction } from '@posttrain/core'
import { firstPassingObjective } from '@posttrain/estimators'
import { askReward } from '../ask-reward.js'
import { decide } from '../internal/decide.js'
import { firstPassingDraws } from '../internal/first-passing-draws.js'
import { drawUntil } from '../internal/draw-until.js'
import { requireBy } from '../checks/require-functions.js'

/** Attempts before a verifier. */
export interface FirstPassingOptions {
  /** Attempts per task, at most. */
  readonly k: number
  /** The verifier or reward model that accepts. It sees no reference. */
  readonly by: RewardFunction
  /** An attempt passes with a reward of at least this much (default 1, a verifier's). */
  readonly threshold?: number | undefined
}

/**
 * k attempts before a verifier: draws one sample after another and answers with the first that passes; if none of k
 * does it abstains, and knows that it failed. With a reward model and a `threshold` of its scores it is rejection
 * sampling with a cap.
 *
 * Its objective is the expected reward of that answer, by whatever reward counts. With a verifier that is itself the
 * reward it is pass@k. pass@k against a reference, which nobody has when the procedure is deployed, is no procedure but
 * a metric: `evaluate({ objectives: [passAtKObjective({ k })], … })`.
 *
 * A verifier that compares samples sees all k at once; nothing is saved then.
 *
 * @returns a procedure named `first-passing@K by NAME`, its threshold in the name where that is not 1
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer, a threshold that is not finite or a
 *   missing `by`
 * @example
 * ```ts
 * const by: RewardFunction = {
 *   name: 'tests',
 *   score: async (_, samples) => samples.map(() => ({ kind: 'scored', reward: 1 })),
 * }
 * firstPassing({ k: 8, by }).name // => 'first-passing@8 by tests'
 * ```
 */
export function firstPassing({ k, by, threshold = 1 }: FirstPassingOptions): ObjectiveProcedure {
  requireInteger('k', k, { min: 1 })
  requireFinite('threshold', threshold)
  requireBy('firstPassing', by)
  const objective = firstPassingObjective({ k, by: by.name, threshold })
  return {
    name: objective.name,
    objective,
    by,
    // A reward that compares samples sees all k.
    draws: by.comparesSamples
      ? undefined
      : (outcomes) =>
          firstPassingDraws(
            outcomes.map(({ parts }) => (parts?.[by.name] ?? -Infinity) >= threshold),
            k,
          ),
    async run(sampler, task, options = {}) {
      const deployed = withoutReference(task)
      const outcomes: Outcome[] = []
      let first = -1
      const drawn = await drawUntil(
        sampler,
        task,
        {
          most: k,
          atOnce: by.comparesSamples ? k : 1,
          async rule(_, fresh) {
            outcomes.push(...(await askReward(by, deployed, fresh, options)))
            if (first < 0)
              first = outcomes.findIndex((outcome) => outcome.kind === 'scored' && outcome.reward >= threshold)
            return first < 0 ? undefined : 'decided'
          },
        },
        options,
      )
      const sample = drawn.samples[first]
      const reason = sample
        ? `sample ${sample.index} is the first that passed ${by.name}, of at most ${k}`
        : `none of ${drawn.samples.length} samples passed ${by.name}`
      return decide({ task, drawn, outcomes, sample, reason })
    },
  }
}
