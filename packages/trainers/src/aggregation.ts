import { requireInteger } from '@posttrain/core'

/**
 * How the tokens of a batch are weighted. Advantages have their group's 1/n inside, so that a weight of 1/prompts on each
 * token is the mean over prompts of Σᵢ Aᵢ Σₜ.
 */
export interface Aggregation {
  readonly name: string
  /**
   * @param lengths completion tokens, by group and sample
   * @returns the weight of every token of a sample, by group and sample
   */
  weights(lengths: readonly (readonly number[])[]): readonly (readonly number[])[]
}

const weighed = (
  name: string,
  weigh: (length: number, prompts: number, all: readonly (readonly number[])[]) => number,
): Aggregation => ({
  name,
  weights: (lengths) =>
    lengths.map((group) => group.map((length) => (length === 0 ? 0 : weigh(length, lengths.length, lengths)))),
})

/**
 * The sum over a sequence's tokens, the mean over prompts: the one that leaves ∇log π(y) of a whole sequence as it is, so
 * that unbiased advantages give an unbiased gradient.
 *
 * verl: `seq-mean-token-sum`.
 *
 * @example
 * ```ts
 * sequenceSum().weights([[2, 4]]) // => [[1, 1]]
 * ```
 */
export const sequenceSum = (): Aggregation => weighed('sequence sum', (_, prompts) => 1 / prompts)

/**
 * The mean over a sequence's tokens, then over sequences: a token of a long sequence counts for less, so that long wrong
 * answers are punished less than short ones. GRPO as published.
 *
 * TRL: loss_type `grpo`; verl: `seq-mean-token-mean`.
 *
 * @example
 * ```ts
 * sequenceMeanOfTokenMean().weights([[2, 4]]) // => [[0.5, 0.25]]
 * ```
 */
export const sequenceMeanOfTokenMean = (): Aggregation =>
  weighed('sequence mean of token mean', (length, prompts) => 1 / (prompts * length))

/**
 * The mean over all tokens of the batch: all tokens count alike, and a batch of long sequences takes a shorter step for each of
 * them. DAPO.
 *
 * TRL: loss_type `dapo` and, over one device's part, `bnpo`; verl: `token-mean`.
 *
 * @example
 * ```ts
 * tokenMean().weights([[2, 4]]) // => [[0.333333, 0.333333]]
 * ```
 */
export const tokenMean = (): Aggregation =>
  weighed('token mean', (_, prompts, all) => {
    const lengths = all.flat()
    // Advantages have 1/n inside: n times their sum over tokens, divided by the tokens.
    return lengths.length / prompts / lengths.reduce((sum, length) => sum + length, 0)
  })

/**
 * The sum over tokens divided by a constant, usually the longest completion allowed: unbiased up to that constant. Dr. GRPO.
 *
 * TRL: loss_type `dr_grpo`; verl: `seq-mean-token-sum-norm`.
 *
 * @param length the constant
 * @example
 * ```ts
 * constantLength(8).weights([[2, 4]]) // => [[0.125, 0.125]]
 * ```
 */
export function constantLength(length: number): Aggregation {
  requireInteger('length', length, { min: 1 })
  return weighed(`constant length ${length}`, (_, prompts) => 1 / (prompts * length))
}
