import { unsupported, type TokenCotangents, type TokenScores } from '@posttrain/core'
import { exactly, type GradientStatement } from './gradient-statement.js'
import type { KlConstants, KlPlacement, PlacementOptions } from './kl-placement.js'
import { perToken, placedValue, total, uncorrected, type PlacedValue } from './placed-value.js'

/** A value to differentiate, and what to report in its place. */
export interface InLossOptions extends PlacementOptions {
  /** Straight-through: this value is reported while `value` is differentiated. */
  readonly report?: Pick<PlacementOptions, 'value' | 'clamp'>
  /** Allows k1, whose expected gradient is zero, to reproduce what another trainer does. */
  readonly allowZeroGradient?: boolean
}

/**
 * The penalty as a term of the loss: β·k, differentiated as it stands. Its expected gradient is E[∇k], which is not that of the
 * value's expectation: the samples depend on the policy too, and differentiating k does not see that.
 *
 * - k1: none; pure noise, refused unless `allowZeroGradient`.
 * - k2: reverse KL. - k3: **forward** KL. - abs: 2 × total variation.
 * - rao-blackwell: reverse KL of the next token. It lacks the score term that `both` adds.
 *
 * At token level all of these are next-token divergences with prefixes held fixed; at sequence level they are of sequences.
 *
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
    needs: [...new Set([...placed.needs, ...reported.needs])],
    gradient: placed.stated(lossGradient(value, level)),
    offPolicyGradient: uncorrected,
    contribution(scores, constants, coefficient) {
      const cotangents = lossPart(placed, scores, constants, coefficient)
      const { values } = reported.steps(scores, constants, coefficient)
      return {
        value: total(values),
        cotangents,
        lossCotangents: cotangents,
        rewards: new Float64Array(scores.logprob.length),
      }
    },
  }
}

function lossGradient(value: PlacementOptions['value'], level: 'token' | 'sequence'): GradientStatement {
  const of = level === 'token' ? 'next-token' : 'sequence'
  switch (value) {
    case 'k1':
      return { kind: 'none' }
    case 'k2':
      return exactly('reverse-KL', of)
    case 'k3':
      return exactly('forward-KL', of)
    case 'abs':
      return exactly('total-variation', of, 2)
    case 'rao-blackwell':
      return exactly('reverse-KL', 'next-token')
  }
}

/** ∂(β·k)/∂score. */
export function lossPart(
  placed: PlacedValue,
  scores: TokenScores,
  constants: KlConstants,
  coefficient: number,
): TokenCotangents {
  const tokens = scores.logprob.length
  const { slopes } = placed.steps(scores, constants, coefficient)
  if (placed.exact) return { referenceKl: new Float64Array(tokens).fill(coefficient) }
  return { logprob: perToken(slopes, tokens).map((slope) => coefficient * slope) }
}
