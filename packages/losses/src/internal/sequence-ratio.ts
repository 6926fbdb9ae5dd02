import type { LossConstants } from '@posttrain/core'
import { advantageByToken } from './advantage-by-token.js'
import { clip } from './clip.js'
import { sequenceLogRatio } from './sequence-log-ratio.js'
import type { SequenceTerm } from './sequence-term.js'

/** A sequence's log-probs, and those that its ratio is to. */
export interface RatioLogprobs {
  readonly logprob: Float64Array
  readonly before: ArrayLike<number>
}

/**
 * The clipped surrogate of one sequence with one ratio s = (Πₜ ρₜ)ᵉ, e = 1 for the product and 1/T for the geometric
 * mean: −w/e · meanₜ min(s·Aₜ, clip(s)·Aₜ). The 1/e makes its gradient at s = 1 the policy gradient of the same
 * weights.
 */
export function sequenceRatioTerm(
  { logprob, before }: RatioLogprobs,
  own: LossConstants,
  index: number,
  { ratio, low, high }: { readonly ratio: 'product' | 'geometric-mean'; readonly low: number; readonly high: number },
): SequenceTerm & { readonly clipped: boolean; readonly ratio: number } {
  const tokens = logprob.length
  const advantages = advantageByToken(own, tokens, index)
  const exponent = ratio === 'product' || tokens === 0 ? 1 : 1 / tokens
  const s = Math.exp(exponent * sequenceLogRatio(logprob, before))
  const bounded = clip(s, low, high)
  let surrogate = 0
  let slope = 0
  let clipped = false
  for (let t = 0; t < tokens; t++) {
    const advantage = advantages[t]!
    if (advantage === 0) continue // even for an infinite ratio
    const tokenIsClipped = bounded * advantage < s * advantage
    surrogate += (tokenIsClipped ? bounded : s) * advantage
    slope += tokenIsClipped ? 0 : s * advantage
    clipped ||= tokenIsClipped
  }
  return {
    value: tokens === 0 ? 0 : (-own.weight * surrogate) / (exponent * tokens),
    cotangents: { logprob: new Float64Array(tokens).fill((-own.weight * slope) / tokens) },
    clipped,
    ratio: s,
  }
}
