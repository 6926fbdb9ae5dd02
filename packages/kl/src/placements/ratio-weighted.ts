import { requireLength, scoreOf, sum } from '@posttrain/core'
import { prefixRatios } from '../values/sequence-kl.js'
import { biased, gradientOf, type GradientStatement } from './gradient-statement.js'
import type { KlConstants, KlPlacement, PlacementOptions } from './kl-placement.js'
import { logprobOf, perToken, placedValue } from './placed-value.js'

/**
 * The penalty as ρ·k in the loss with the ratio ρ = π/μ to the policy μ that drew the sample, differentiated together:
 * E over μ of ∇(ρ·k) = ∇E over π of k.
 *
 * On fresh samples ρ is 1 and its gradient is what `both` puts into the reward. On samples of another policy it
 * corrects for that too.
 *
 * - sequence level, one ratio for the whole sequence: k1, k3 and rao-blackwell are exact for the reverse KL, fresh or
 *   not.
 * - token level, each token's own ratio (DeepSeek-V3.2, https://arxiv.org/abs/2512.02556; the bias correction of TRL):
 *   reverse KL of the next token, at the prefixes of μ.
 * - k2, abs: biased.
 *
 * @param options the value, its level, and how to clamp it
 * @returns a placement that reads `rolloutLogprob`, and `referenceLogprob` but for rao-blackwell
 * @throws PosttrainError `invalid-argument` for unknown options
 * @example
 * ```ts
 * describeGradient(ratioWeighted({ value: 'k3' }).gradient) // => 'next-token reverse-KL, prefixes fixed'
 * ```
 */
export function ratioWeighted(options: PlacementOptions): KlPlacement {
  const placed = placedValue(options)
  const gradient = placed.stated(ratioGradient(options.value, placed.level))
  return {
    name: `ratio-weighted ${placed.label}`,
    places: ['loss'],
    differentiates: [...new Set(['logprob' as const, placed.score])],
    reads: [...placed.reads, 'rolloutLogprob'],
    gradient,
    offPolicyGradient: gradient,
    contribution(scores, constants, coefficient) {
      const { tokens, values, slopes } = placed.steps(scores, constants, coefficient)
      const ratios = ratiosOf(scoreOf(scores, 'logprob'), constants, placed.level)
      const weigh = placed.level === 'sequence' ? [sum(values)] : values
      const weighted = Float64Array.from(weigh, (k, step) => ratios[step]! * k)
      // ∂(ρ·k)/∂log π = ρ·(k + ∂k/∂log π)
      const perStep = weighted.map((k, step) => coefficient * (k + ratios[step]! * (placed.exact ? 0 : slopes[step]!)))
      const logprob = perToken(perStep, tokens)
      const cotangents = placed.exact
        ? { logprob, klToReference: perToken(ratios, tokens).map((ratio) => coefficient * ratio) }
        : { logprob }
      return { value: sum(weighted), cotangents, lossCotangents: cotangents, rewards: new Float64Array(tokens) }
    },
  }
}

function ratioGradient(value: PlacementOptions['value'], level: 'token' | 'sequence'): GradientStatement {
  if (value === 'k2' || value === 'abs') return biased(`the gradient of the mean of ${value}`)
  return gradientOf('reverse-KL', level === 'token' ? 'next-token' : 'sequence')
}

/** π/μ of each token, or of the whole sequence. */
function ratiosOf(logprob: Float64Array, constants: KlConstants, level: 'token' | 'sequence'): Float64Array {
  const rolloutLogprob = logprobOf(constants, 'rolloutLogprob')
  requireLength('rolloutLogprob', rolloutLogprob, logprob.length)
  if (level === 'sequence') return Float64Array.of(prefixRatios(logprob, rolloutLogprob).at(-1) ?? 1)
  return logprob.map((value, t) => Math.exp(value - rolloutLogprob[t]!))
}
