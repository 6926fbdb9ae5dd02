import { invalidArgument, requireLength } from '@posttrain/core'
import { prefixRatios } from '../values/sequence-kl.js'
import { biased, exactly, type GradientStatement } from './gradient-statement.js'
import type { KlConstants, KlPlacement, PlacementOptions } from './kl-placement.js'
import { perToken, placedValue, total } from './placed-value.js'

/**
 * The penalty as ρ·k in the loss with the ratio ρ = π/μ to the policy μ that drew the sample, differentiated together:
 * E over μ of ∇(ρ·k) = ∇E over π of k. On fresh samples ρ is 1 and its gradient is what `both` puts into the reward; on samples
 * of another policy it corrects for that too.
 *
 * - sequence level, one ratio for the whole sequence: k1, k3 and rao-blackwell are exact for the reverse KL, fresh or not.
 * - token level, each token's own ratio (DeepSeek-V3.2, https://arxiv.org/abs/2512.02556; the bias correction of TRL): reverse KL of the
 *   next token, at the prefixes of μ.
 * - k2, abs: biased.
 *
 * @throws PosttrainError `invalid-argument` for unknown options; its `contribution` needs `samplingLogprob`
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
    needs: placed.needs,
    gradient,
    offPolicyGradient: gradient,
    contribution(scores, constants, coefficient) {
      const tokens = scores.logprob.length
      const { values, slopes } = placed.steps(scores, constants, coefficient)
      const ratios = ratiosOf(scores.logprob, constants, placed.level)
      const weigh = placed.level === 'sequence' ? [total(values)] : values
      const weighted = Float64Array.from(weigh, (k, step) => ratios[step]! * k)
      // ∂(ρ·k)/∂log π = ρ·(k + ∂k/∂log π)
      const perStep = weighted.map((k, step) => coefficient * (k + ratios[step]! * (placed.exact ? 0 : slopes[step]!)))
      const cotangents = {
        logprob: perToken(perStep, tokens),
        ...(placed.exact ? { referenceKl: perToken(ratios, tokens).map((ratio) => coefficient * ratio) } : {}),
      }
      return { value: total(weighted), cotangents, lossCotangents: cotangents, rewards: new Float64Array(tokens) }
    },
  }
}

function ratioGradient(value: PlacementOptions['value'], level: 'token' | 'sequence'): GradientStatement {
  if (value === 'k2' || value === 'abs') return biased(`the gradient of the mean of ${value}`)
  return exactly('reverse-KL', level === 'token' ? 'next-token' : 'sequence')
}

/** π/μ of each token, or of the whole sequence. */
function ratiosOf(logprob: Float64Array, { samplingLogprob }: KlConstants, level: 'token' | 'sequence'): Float64Array {
  if (samplingLogprob === undefined) {
    throw invalidArgument(
      'ratioWeighted needs samplingLogprob',
      'pass the log-probs at the time of sampling; for fresh samples those are the scores themselves',
    )
  }
  requireLength('samplingLogprob', samplingLogprob, logprob.length)
  if (level === 'sequence') return Float64Array.of(prefixRatios(logprob, samplingLogprob).at(-1) ?? 1)
  return logprob.map((value, t) => Math.exp(value - samplingLogprob[t]!))
}
