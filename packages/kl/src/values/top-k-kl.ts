import { invalidArgument, requireLength } from '@posttrain/core'

/** What is known of a next-token distribution when only the top of its vocabulary is. */
export interface TopK {
  /** (k): log-probs of some k tokens under the policy, chosen without looking at the sampled token. */
  readonly logprobs: ArrayLike<number>
  /** (k): log-probs of the same tokens under the reference. */
  readonly referenceLogprobs: ArrayLike<number>
  /** An upper bound on |log π/ref| for every other token, if one is known (default Infinity). */
  readonly logRatioBound?: number | undefined
}

/** KL between next-token distributions of which only the top is known. */
export interface TopKKl {
  /** Σ p·log(p/q) over the known tokens: what truncation alone would report; may be negative. */
  readonly truncated: number
  /** The least the KL can be: all other tokens taken as one. */
  readonly lower: number
  /**
   * The most it can be under `logRatioBound`; ∞ without one, for a reference may be arbitrarily small where nobody
   * looked.
   */
  readonly upper: number
  /** Probability of the other tokens under the policy. */
  readonly tailMass: number
}

/**
 * KL(π‖ref) of one next-token distribution from its top k tokens, with the bounds that truncation leaves.
 *
 * The tail Σ p·log(p/q) over the other tokens is at least P·log(P/Q), P and Q their total probabilities (log-sum
 * inequality), and at most P times the bound on the log-ratio.
 *
 * @returns in nats
 * @throws PosttrainError `invalid-argument` for different lengths, or probabilities that add up to more than 1
 * @example
 * ```ts
 * topKKl({ logprobs: [Math.log(0.5)], referenceLogprobs: [Math.log(0.5)] }).lower // => 0
 * ```
 */
export function topKKl({ logprobs, referenceLogprobs, logRatioBound = Infinity }: TopK): TopKKl {
  requireLength('referenceLogprobs', referenceLogprobs, logprobs.length)
  if (!(logRatioBound >= 0)) throw invalidArgument(`logRatioBound must be at least 0, but is ${logRatioBound}`)
  let truncated = 0
  for (let i = 0; i < logprobs.length; i++) {
    const logP = logprobs[i]!
    if (logP > -Infinity) truncated += Math.exp(logP) * (logP - referenceLogprobs[i]!)
  }
  const tailMass = restOf('logprobs', logprobs)
  const referenceTail = restOf('referenceLogprobs', referenceLogprobs)
  const leastTail = tailMass === 0 ? 0 : tailMass * Math.log(tailMass / (referenceTail + rounding))
  return {
    truncated,
    lower: Math.max(0, truncated + leastTail),
    upper: tailMass === 0 ? truncated : truncated + tailMass * logRatioBound,
    tailMass,
  }
}

/** How well a total of probabilities is known: less is taken as nothing, and what may be nothing as this much. */
const rounding = 1e-12

/** 1 − Σ exp(logprobs), or 0 where only rounding is left. */
function restOf(name: string, logprobs: ArrayLike<number>): number {
  let mass = 0
  for (let i = 0; i < logprobs.length; i++) {
    if (!(logprobs[i]! <= 1e-6)) throw invalidArgument(`${name}[${i}] must be a log-prob, but is ${logprobs[i]}`)
    mass += Math.exp(logprobs[i]!)
  }
  if (mass > 1 + 1e-4) throw invalidArgument(`exp(${name}) must add up to at most 1, but add up to ${mass}`)
  return 1 - mass > rounding ? 1 - mass : 0
}

/**
 * The value of a sampled token from the top k: exact over the known tokens, and k1 where the sampled token is none of
 * them.
 *
 * It is unbiased for the KL of the whole distribution, and its variance is from the tail alone. The full vocabulary
 * makes it Rao–Blackwell, none of it k1.
 *
 * @param top the known tokens
 * @param sampled log-probs of the sampled token if it is not among them
 * @returns in nats
 * @throws PosttrainError `invalid-argument` as `topKKl`
 * @example
 * ```ts
 * sampledTopKKl({ logprobs: [], referenceLogprobs: [] }, { logprob: -1, referenceLogprob: -1.5 }) // => 0.5
 * ```
 */
export function sampledTopKKl(
  top: TopK,
  sampled?: { readonly logprob: number; readonly referenceLogprob: number },
): number {
  return topKKl(top).truncated + (sampled === undefined ? 0 : sampled.logprob - sampled.referenceLogprob)
}
