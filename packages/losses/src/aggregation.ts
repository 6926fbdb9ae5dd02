import { requireInteger, sum } from '@posttrain/core'

/**
 * How the tokens of a batch are weighted. Advantages are per sample: the weight holds the 1/(prompts · n) of a mean
 * over prompts of the mean over each one's n samples.
 */
export interface Aggregation {
  readonly name: string
  /**
   * @param lengths chosen tokens, by group and sample
   * @returns the weight of every token of a sample, by group and sample; 0 for a sample without tokens
   */
  weights(lengths: readonly (readonly number[])[]): readonly (readonly number[])[]
}

/** Weights by length, then the mean over a group's n sequences, then over prompts. */
const meanOverSequences = (name: string, weigh: (length: number) => number): Aggregation => ({
  name,
  weights: (lengths) =>
    lengths.map((group) => group.map((length) => (length === 0 ? 0 : weigh(length) / (lengths.length * group.length)))),
})

/**
 * The sum over a sequence's tokens, the mean over sequences, 1/(prompts · n): the one that leaves ∇log π(y) of a whole
 * sequence as it is, so that unbiased advantages give an unbiased gradient.
 *
 * verl: `seq-mean-token-sum`.
 *
 * @example
 * ```ts
 * sequenceSum().weights([[2, 4]]) // => [[0.5, 0.5]]
 * ```
 */
export const sequenceSum = (): Aggregation => meanOverSequences('sequence sum', () => 1)

/**
 * The mean over a sequence's tokens, then over sequences, 1/(prompts · n · length): a token of a long sequence counts
 * for less, so that long wrong answers are punished less than short ones. GRPO as published.
 *
 * TRL: loss_type `grpo`; verl: `seq-mean-token-mean`.
 *
 * @example
 * ```ts
 * sequenceMeanOfTokenMean().weights([[2, 4]]) // => [[0.25, 0.125]]
 * ```
 */
export const sequenceMeanOfTokenMean = (): Aggregation =>
  meanOverSequences('sequence mean of token mean', (length) => 1 / length)

/**
 * The mean over all tokens of the batch, 1/Σ lengths: all tokens count alike, and a batch of long sequences takes a
 * shorter step for each of them. DAPO.
 *
 * TRL: loss_type `dapo` and, over one device's part, `bnpo`; verl: `token-mean`.
 *
 * @example
 * ```ts
 * tokenMean().weights([[2, 4]]) // => [[0.166667, 0.166667]]
 * ```
 */
export const tokenMean = (): Aggregation => ({
  name: 'token mean',
  weights(lengths) {
    const tokens = sum(lengths.flat())
    return lengths.map((group) => group.map((length) => (length === 0 ? 0 : 1 / tokens)))
  },
})

/**
 * The sum over tokens divided by a constant, usually the longest completion allowed, 1/(prompts · n · constant):
 * unbiased up to that constant. Dr. GRPO.
 *
 * TRL: loss_type `dr_grpo`; verl: `seq-mean-token-sum-norm`.
 *
 * @param length the constant, in tokens
 * @throws PosttrainError `invalid-argument` for a length below 1
 * @example
 * ```ts
 * constantLength(8).weights([[2, 4]]) // => [[0.0625, 0.0625]]
 * ```
 */
export function constantLength(length: number): Aggregation {
  requireInteger('length', length, { min: 1 })
  return meanOverSequences(`constant length ${length}`, () => 1 / length)
}
