import { requireInteger, withoutReference } from '@posttrain/core'
import type { ObjectiveProcedure, Outcome, RewardFunction, Sample } from '@posttrain/core'
import { firstPassingObjective } from '@posttrain/estimators'
import { askReward } from '../ask-reward.js'
import { decide } from '../internal/decide.js'
import { draw } from '../internal/draw.js'
import { requireBy } from '../checks/require-functions.js'

/** Attempts before a verifier. */
export interface FirstPassingOptions {
  /** Attempts per task, at most. */
  readonly k: number
  /** The verifier: an attempt passes with a reward of at least 1. It sees no reference. */
  readonly by: RewardFunction
}

/**
 * k attempts before a verifier: draws one sample after another and answers with the first that passes; if none of k
 * does it abstains, and knows that it failed.
 *
 * Its objective is the expected reward of that answer, by whatever reward counts. With a verifier that is itself the
 * reward it is pass@k. pass@k against a reference, which nobody has when the procedure is deployed, is no procedure but
 * a metric: `evaluate({ objectives: [passAtKObjective({ k })], … })`.
 *
 * A verifier that compares samples sees all k at once; nothing is saved then.
 *
 * @returns a procedure named `first-passing@K by NAME`
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer or a missing `by`
 * @example
 * ```ts
 * const by: RewardFunction = {
 *   name: 'tests',
 *   score: async (_, samples) => samples.map(() => ({ kind: 'scored', reward: 1 })),
 * }
 * firstPassing({ k: 8, by }).name // => 'first-passing@8 by tests'
 * ```
 */
export function firstPassing({ k, by }: FirstPassingOptions): ObjectiveProcedure {
  requireInteger('k', k, { min: 1 })
  requireBy('firstPassing', by)
  const atOnce = by.comparesSamples ? k : 1
  return {
    name: `first-passing@${k} by ${by.name}`,
    objective: firstPassingObjective({ k, by: by.name }),
    by,
    async run(sampler, task, options = {}) {
      const deployed = withoutReference(task)
      const samples: Sample[] = []
      const outcomes: Outcome[] = []
      for (let firstIndex = 0; firstIndex < k; firstIndex += atOnce) {
        const drawn = await draw(sampler, task, { count: atOnce, firstIndex }, options)
        const verdicts = await askReward(by, deployed, drawn, options)
        samples.push(...drawn)
        outcomes.push(...verdicts)
        const passed = verdicts.findIndex((verdict) => verdict.kind === 'scored' && verdict.reward >= 1)
        if (passed < 0) continue
        const sample = drawn[passed]!
        const reason = `sample ${sample.index} is the first that passed ${by.name}, of at most ${k}`
        return decide({ task, samples, outcomes, sample, reason })
      }
      return decide({ task, samples, outcomes, sample: undefined, reason: `none of ${k} samples passed ${by.name}` })
    },
  }
}
