import { invalidArgument } from '@posttrain/core'
import type { KlValue } from './kl-value.js'

/** Bounds against extreme tokens, as trainers set them. */
export interface KlClamp {
  /** The log-ratio is cut to ±this before anything else; above 0 (default Infinity). */
  readonly logRatio?: number | undefined
  /** The value is cut to ±this; above 0 (default Infinity). */
  readonly value?: number | undefined
}

/**
 * A value cut off at extreme tokens.
 *
 * That biases it, and its slope is 0 there: such tokens are counted, but no gradient pulls them back.
 *
 * @param value to cut off
 * @param clamp bounds of the log-ratio and of the value
 * @returns a biased value
 * @throws PosttrainError `invalid-argument` for a bound that is not positive
 * @example
 * ```ts
 * clamped(klValues.k3, { logRatio: 20, value: 10 }).of(-15) // => 10
 * ```
 */
export function clamped(value: KlValue, { logRatio = Infinity, value: limit = Infinity }: KlClamp): KlValue {
  if (!(logRatio > 0)) throw invalidArgument(`clamp.logRatio must be above 0, but is ${logRatio}`)
  if (!(limit > 0)) throw invalidArgument(`clamp.value must be above 0, but is ${limit}`)
  const cut = (x: number, bound: number): number => Math.max(-bound, Math.min(bound, x))
  const bounds = [logRatio === Infinity ? '' : `log-ratio ±${logRatio}`, limit === Infinity ? '' : `value ±${limit}`]
  return {
    name: `${value.name} clamped`,
    of: (l) => cut(value.of(cut(l, logRatio)), limit),
    slope: (l) => (Math.abs(l) > logRatio || Math.abs(value.of(l)) > limit ? 0 : value.slope(l)),
    expectation: `${value.expectation}; biased by the clamp at ${bounds.filter(Boolean).join(' and ')}`,
    unbiased: false,
    nonNegative: value.nonNegative,
  }
}
