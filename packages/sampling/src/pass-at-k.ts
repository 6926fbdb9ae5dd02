import { requireInteger, throwIfAborted, type Procedure } from '@posttrain/core'
import { passAtKObjective } from '@posttrain/estimators'
import { drawGroup, requireReward, scoreGroup, totalUsage } from './draw-group.js'

/**
 * k attempts before a verifier: draws k samples and answers with the first that the reward function gives 1. Without one
 * there is no answer: the procedure knows that it failed.
 *
 * Its objective is pass@k. (The estimator of that name, for counts you already have, is in `@posttrain/estimators`.)
 *
 * @param k attempts per task
 * @returns a procedure named `pass@K`; its `run` needs the verifier as `reward`
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer
 * @example
 * ```ts
 * passAtK({ k: 8 }).objective.name // => 'pass@8'
 * ```
 */
export function passAtK({ k }: { readonly k: number }): Procedure {
  requireInteger('k', k, { min: 1 })
  const name = `pass@${k}`
  return {
    name,
    objective: passAtKObjective({ k }),
    async run(sampler, task, options = {}) {
      requireReward(name, options.reward)
      const samples = await drawGroup(sampler, task, k, options)
      throwIfAborted(options.signal)
      const outcomes = await scoreGroup(name, task, samples, options)
      const passed = outcomes.findIndex((outcome) => outcome.kind === 'scored' && outcome.reward === 1)
      const sample = samples[passed]
      const reason =
        sample === undefined ? `none of ${k} samples passed` : `sample ${sample.index} is the first of ${k} that passed`
      return { answer: sample?.text, sample, reason, usage: totalUsage(samples), samples }
    },
  }
}
