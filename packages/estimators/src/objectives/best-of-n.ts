import { invalidArgument, requireEnoughSamples, requireInteger } from '@posttrain/core'
import type { Objective, ScoredOutcome } from '@posttrain/core'
import { bestOfN } from '../best-of-n.js'
import { rewardsOf } from '../rewards.js'
import { bestOfNAdvantages } from './best-of-n-advantages.js'

/** An outcome that also carries the score by which best-of-n chooses; its `reward` is what the choice is worth. */
export interface ProxiedOutcome extends ScoredOutcome {
  readonly proxy: number
}

/**
 * The expected reward of the sample with the highest proxy among n, ties shared, with leave-one-out advantages averaged
 * exactly over all n-subsets that contain the sample.
 *
 * Only the generator is trained: the proxy that selects is not differentiated. With proxy = reward it is max@n.
 *
 * @returns an objective named `best-of-N` for outcomes that carry a `proxy` (see `ProxiedOutcome`)
 * @throws PosttrainError `invalid-argument` for an n that is not a positive integer; its functions, for outcomes
 *   without a finite proxy
 * @example
 * ```ts
 * const outcomes = [[1, 0.1], [0, 0.9], [1, 0.4]].map(([reward, proxy]) => ({ kind: 'scored' as const, reward: reward!, proxy: proxy! }))
 * bestOfNObjective({ n: 2 }).estimate(outcomes) // => 0.3333
 * ```
 */
export function bestOfNObjective({ n }: { readonly n: number }): Objective {
  requireInteger('n', n, { min: 1 })
  const name = `best-of-${n}`
  const minimumSamples = Math.max(2, n)
  const scores = (outcomes: readonly ScoredOutcome[]): { proxy: Float64Array; gold: Float64Array } => {
    requireEnoughSamples(name, minimumSamples, outcomes.length)
    return { proxy: proxiesOf(outcomes), gold: rewardsOf(outcomes) }
  }
  return {
    name,
    k: n,
    minimumSamples,
    estimate: (outcomes) => bestOfN(scores(outcomes), n),
    advantages: (outcomes) => bestOfNAdvantages(scores(outcomes), n),
  }
}

function proxiesOf(outcomes: readonly ScoredOutcome[]): Float64Array {
  return Float64Array.from(outcomes, (outcome, i) => {
    const proxy = 'proxy' in outcome ? outcome.proxy : undefined
    if (typeof proxy !== 'number' || !Number.isFinite(proxy)) {
      throw invalidArgument(
        `outcomes[${i}].proxy must be a finite number, but is ${String(proxy)}`,
        'best-of-n chooses by a proxy score; give every outcome one',
      )
    }
    return proxy
  })
}
