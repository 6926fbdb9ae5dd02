import type { ObjectiveProcedure } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import { decide } from '../internal/decide.js'
import { drawUntil } from '../internal/draw-until.js'

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
    const drawn = await drawUntil(sampler, task, { most: 1 }, options)
    const sample = drawn.samples.find(({ finish }) => finish !== 'failed')
    return decide({ task, drawn, sample, reason: sample ? 'the only sample' : 'the only sample failed' })
  },
})
