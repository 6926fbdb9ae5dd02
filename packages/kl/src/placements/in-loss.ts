import { sum, unsupported, type TokenCotangents } from '@posttrain/core'
import { gradientOf, type GradientStatement } from './gradient-statement.js'
import type { KlPlacement, PlacementOptions } from './kl-placement.js'
import { perToken, placedValue, uncorrected, type PlacedValue, type Steps } from './placed-value.js'

/** A value to differentiate, and what to report in its place. */
export interface InLossOptions extends PlacementOptions {
  /** Straight-through: this value is reported while `value` is differentiated. */
  readonly report?: Pick<PlacementOptions, 'value' | 'clamp'> | undefined
  /** Allows k1, whose expected gradient is zero, to reproduce what another trainer does (default false). */
  readonly allowZeroGradient?: boolean | undefined
}

/**
 * The penalty as a term of the loss: β·k, differentiated as it stands.
 *
 * Its expected gradient is E[∇k], which is not that of the value's expectation: the samples depend on the policy too,
 * and differentiating k does not see that.
 *
 * - k1: none; pure noise, refused unless `allowZeroGradient`.
 * - k2: reverse KL.
 * - k3: **forward** KL.
 * - abs: 2 × total variation.
 * - rao-blackwell: reverse KL of the next token. It lacks the score term that `both` adds.
 *
 * At token level all of these are next-token divergences with prefixes held fixed; at sequence level they are of
 * sequences.
 *
 * @param options the value, its level, how to clamp it, and what to report in its place
 * @returns a placement that reads `referenceLogprob`, but for rao-blackwell, which needs `klToReference` alone
 * @throws PosttrainError `unsupported` for k1; `invalid-argument` for unknown options
 * @example
 * ```ts
 * describeGradient(inLoss({ value: 'k3', level: 'sequence' }).gradient) // => 'forward-KL exact'
 * ```
 */
export function inLoss(options: InLossOptions): KlPlacement {
  const { value, level = 'token', report, allowZeroGradient = false } = options
  const placed = placedValue(options)
  if (value === 'k1' && !allowZeroGradient) {
    throw unsupported(
      'k1 in the loss penalises nothing: its gradient ∇log π has mean zero over the policy’s samples, whatever the KL is',
      'use k1 in the reward, k2 in the loss, or set allowZeroGradient to reproduce a trainer that does this',
    )
  }
  const reported = report === undefined ? placed : placedValue({ ...report, level })
  return {
    name: `${placed.label} in loss${report === undefined ? '' : `, reporting ${reported.label}`}`,
    places: ['loss'],
    differentiates: [...new Set([placed.score, reported.score])],
    reads: [...new Set([...placed.reads, ...reported.reads])],
    gradient: placed.stated(lossGradient(value, level)),
    offPolicyGradient: uncorrected,
    contribution(scores, constants, coefficient) {
      const steps = placed.steps(scores, constants, coefficient)
      const shown = reported === placed ? steps : reported.steps(scores, constants, coefficient)
      const cotangents = lossPart(placed, steps, coefficient)
      return {
        value: sum(shown.values),
        cotangents,
        lossCotangents: cotangents,
        rewards: new Float64Array(steps.tokens),
      }
    },
  }
}

function lossGradient(value: PlacementOptions['value'], level: 'token' | 'sequence'): GradientStatement {
  const of = level === 'token' ? 'next-token' : 'sequence'
  switch (value) {
    case 'k1':
      return gradientOf('reverse-KL', of, 0)
    case 'k2':
      return gradientOf('reverse-KL', of)
    case 'k3':
      return gradientOf('forward-KL', of)
    case 'abs':
      return gradientOf('total-variation', of, 2)
    case 'rao-blackwell':
      return gradientOf('reverse-KL', 'next-token')
  }
}

/** ∂(β·k)/∂score. */
export function lossPart({ exact }: PlacedValue, { tokens, slopes }: Steps, coefficient: number): TokenCotangents {
  if (exact) return { klToReference: new Float64Array(tokens).fill(coefficient) }
  return { logprob: perToken(slopes, tokens).map((slope) => coefficient * slope) }
}
