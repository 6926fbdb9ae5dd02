import { requireInteger, throwIfAborted, type Procedure } from '@posttrain/core'
import { maxAtKObjective } from '@posttrain/estimators'
import { drawGroup, requireReward, scoreGroup, totalUsage } from './draw-group.js'

/**
 * Best-of-N: draws n samples and answers with the one of highest reward; the first drawn wins a tie, and unscored
 * samples cannot win.
 *
 * Its objective is max@n, the expected reward of that answer when the reward it chooses by is the one that counts.
 *
 * @param n samples drawn per task
 * @returns a procedure named `best-of-N`; its `run` needs the `reward` to choose by
 * @throws PosttrainError `invalid-argument` for an n that is not a positive integer
 * @example
 * ```ts
 * bestOfN({ n: 8 }).objective.name // => 'max@8'
 * ```
 */
export function bestOfN({ n }: { readonly n: number }): Procedure {
  requireInteger('n', n, { min: 1 })
  const name = `best-of-${n}`
  return {
    name,
    objective: maxAtKObjective({ k: n }),
    async run(sampler, task, options = {}) {
      requireReward(name, options.reward)
      const samples = await drawGroup(sampler, task, n, options)
      throwIfAborted(options.signal)
      const outcomes = await scoreGroup(name, task, samples, options)
      const rewards = outcomes.map((outcome) => (outcome.kind === 'scored' ? outcome.reward : -Infinity))
      const best = Math.max(...rewards)
      const sample = best === -Infinity ? undefined : samples[rewards.indexOf(best)]
      const reason =
        sample === undefined
          ? `none of ${n} samples was scored`
          : `sample ${sample.index} has the highest reward of ${n} samples, ${best}`
      return { answer: sample?.text, sample, reason, usage: totalUsage(samples), samples }
    },
  }
}
