import { requireOneOf, sum, type Outcome, type RewardFunction, type Sample } from '@posttrain/core'

/** How the log-probs of tokens become one number. */
export interface LogprobRewardOptions {
  /** `mean` over tokens (default), which does not favour short samples, or their `sum`, the sample's own log-prob. */
  readonly aggregate?: 'mean' | 'sum' | undefined
}

/**
 * How likely a sample was to whoever drew it, from the log-probs that it carries: what `bestOf` chooses by without a
 * reward model, and what votes may weigh by. They must be of one distribution: raw ones, or all drawn alike.
 *
 * @returns a reward named `mean log-prob` or `log-prob`, in nats; a sample without log-probs is unscored
 * @throws PosttrainError `invalid-argument` for another aggregate
 * @example
 * ```ts
 * const provenance = { engine: 'any', dtype: 'f32' as const, weights: 'any' }
 * const usage = { promptTokens: 1, completionTokens: 2 }
 * const sample: Sample = {
 *   id: 'a', taskId: 'a', index: 0, seed: 0, text: 'so', finish: 'stop', usage,
 *   logprobs: { values: [-0.5, -1], provenance },
 * }
 * await logprobReward().score({ id: 'a', prompt: '?' }, [sample]) // => [{ kind: 'scored', reward: -0.75 }]
 * ```
 */
export function logprobReward({ aggregate = 'mean' }: LogprobRewardOptions = {}): RewardFunction {
  requireOneOf('aggregate', aggregate, ['mean', 'sum'])
  return {
    name: aggregate === 'mean' ? 'mean log-prob' : 'log-prob',
    score: async (_, samples) => samples.map((sample) => outcomeOf(sample, aggregate)),
  }
}

function outcomeOf({ logprobs }: Sample, aggregate: 'mean' | 'sum'): Outcome {
  if (!logprobs || logprobs.values.length === 0) return { kind: 'unscored', reason: 'the sample carries no log-probs' }
  const total = sum(logprobs.values)
  return { kind: 'scored', reward: aggregate === 'mean' ? total / logprobs.values.length : total }
}
