import { invalidArgument, requireFiniteArray, requireLength, sum } from '@posttrain/core'
import type { KlValue } from './kl-value.js'

/** Log-probs of the tokens of one sample under the policy and the reference, computed alike. */
export interface LogprobPair {
  /** (tokens), in nats. */
  readonly logprob: ArrayLike<number>
  /** (tokens), in nats. */
  readonly referenceLogprob: ArrayLike<number>
}

/** A sample of another policy than the one asked about. */
export interface OffPolicyLogprobs extends LogprobPair {
  /** (tokens): under the policy that drew the sample, in nats. */
  readonly rolloutLogprob: ArrayLike<number>
}

/** lₜ = log π(yₜ) − log ref(yₜ), per token. @throws PosttrainError `invalid-argument` for what is not finite */
export function logRatios({ logprob, referenceLogprob }: LogprobPair): Float64Array {
  requireFiniteArray('logprob', logprob)
  requireFiniteArray('referenceLogprob', referenceLogprob)
  requireLength('referenceLogprob', referenceLogprob, logprob.length)
  return Float64Array.from(logprob, (value, t) => value - referenceLogprob[t]!)
}

/**
 * Σₜ k(lₜ): the value of a sample, token by token.
 *
 * It is unbiased for the KL of whole sequences if k is; for k3 its variance is much lower than that of `sequenceKl`.
 *
 * @param value k
 * @param pair log-probs of the sample's tokens
 * @returns nats per sequence
 * @throws PosttrainError `invalid-argument` for different lengths or log-probs that are not finite
 * @example
 * ```ts
 * tokenKl(klValues.k1, { logprob: [-1, -2], referenceLogprob: [-1.5, -1.75] }) // => 0.25
 * ```
 */
export const tokenKl = (value: KlValue, pair: LogprobPair): number => sum(logRatios(pair).map((l) => value.of(l)))

/**
 * k(Σₜ lₜ): the value of a sample as one outcome.
 *
 * @param value k
 * @param pair log-probs of the sample's tokens
 * @returns nats per sequence
 * @throws PosttrainError `invalid-argument` for different lengths or log-probs that are not finite
 * @example
 * ```ts
 * sequenceKl(klValues.k2, { logprob: [-1, -2], referenceLogprob: [-1.5, -1.75] }) // => 0.03125
 * ```
 */
export const sequenceKl = (value: KlValue, pair: LogprobPair): number => value.of(sum(logRatios(pair)))

/**
 * ρₜ = Πₛ≤ₜ π(yₛ)/μ(yₛ), per token: what turns a mean over samples of μ into one over samples of π.
 *
 * @param logprob (tokens) under π, in nats
 * @param rolloutLogprob (tokens) under μ, which drew the sample, in nats
 * @returns (tokens); the last entry is the ratio of the whole sequence
 * @throws PosttrainError `invalid-argument` for different lengths or log-probs that are not finite
 * @example
 * ```ts
 * prefixRatios([-1, -2], [-1, -2]) // => new Float64Array([1, 1])
 * ```
 */
export function prefixRatios(logprob: ArrayLike<number>, rolloutLogprob: ArrayLike<number>): Float64Array {
  let total = 0
  return logRatios({ logprob, referenceLogprob: rolloutLogprob }).map((l) => Math.exp((total += l)))
}

/**
 * Σₜ ρₜ·k(lₜ) on a sample of another policy μ: unbiased for KL(π‖ref) if k is.
 *
 * Each token is weighted by the ratio of the prefix that ends with it. Weighting by the token's own ratio alone, as
 * trainers do, leaves the prefixes those of μ.
 *
 * @param value k
 * @param sample log-probs of its tokens under π, the reference and μ
 * @returns nats per sequence
 * @throws PosttrainError `invalid-argument` for different lengths or log-probs that are not finite
 * @example
 * ```ts
 * offPolicyTokenKl(klValues.k1, { logprob: [-1], referenceLogprob: [-2], rolloutLogprob: [-1 - Math.LN2] }) // => 2
 * ```
 */
export function offPolicyTokenKl(value: KlValue, sample: OffPolicyLogprobs): number {
  const ratios = prefixRatios(sample.logprob, sample.rolloutLogprob)
  return sum(logRatios(sample).map((l, t) => ratios[t]! * value.of(l)))
}

/**
 * ρ·k(Σₜ lₜ) with the ratio ρ of the whole sequence, on a sample of another policy: unbiased for KL(π‖ref) if k is.
 *
 * @param value k
 * @param sample log-probs of its tokens under π, the reference and the other policy
 * @returns nats per sequence
 * @throws PosttrainError `invalid-argument` for an empty sequence, different lengths or log-probs that are not finite
 * @example
 * ```ts
 * offPolicySequenceKl(klValues.k1, { logprob: [-1], referenceLogprob: [-2], rolloutLogprob: [-1] }) // => 1
 * ```
 */
export function offPolicySequenceKl(value: KlValue, sample: OffPolicyLogprobs): number {
  const ratio = prefixRatios(sample.logprob, sample.rolloutLogprob).at(-1)
  if (ratio === undefined) throw invalidArgument('logprob must have at least one token')
  return ratio * sequenceKl(value, sample)
}
