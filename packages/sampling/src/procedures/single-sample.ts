import type { ObjectiveProcedure } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import { decide } from '../internal/decide.js'
import { draw } from '../internal/draw.js'

/**
 * The procedure that everybody knows: draws one sample and answers with it. Its objective is the mean reward.
 *
 * @example
 * ```ts
 * singleSample().objective.name // => 'mean'
 * ```
 */
export const singleSample = (): ObjectiveProcedure => ({
  name: 'single sample',
  objective: meanObjective(),
  async run(sampler, task, options = {}) {
    const samples = await draw(sampler, task, { count: 1 }, options)
    const [drawn] = samples
    const sample = drawn!.finish === 'failed' ? undefined : drawn
    return decide({ task, samples, sample, reason: sample ? 'the only sample' : 'the only sample failed' })
  },
})
