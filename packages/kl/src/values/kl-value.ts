import { invalidArgument } from '@posttrain/core'
import { exponentialExcess } from '../numerics.js'

/** The per-sample values that stand for KL(π‖ref), by Schulman's names (http://joschu.net/blog/kl-approx.html). */
export type KlValueName = 'k1' | 'k2' | 'k3' | 'abs'

/**
 * A number computed from one sample's log-ratio l = log π(y) − log ref(y), whose mean over y ∼ π is reported as the KL. It
 * says nothing about gradients: what a trainer does with it is a placement.
 */
export interface KlValue {
  readonly name: string
  /** The value at a log-ratio. */
  of(logRatio: number): number
  /** Its derivative in log π(y). */
  slope(logRatio: number): number
  /** What its expectation over y ∼ π is; exact numbers for known distributions come from `valueMoments`. */
  readonly expectation: string
  /** True if its expectation is KL(π‖ref) for every ref with the support of π. */
  readonly unbiased: boolean
  /** True if no sample's value is below 0. */
  readonly nonNegative: boolean
}

/** The values by name. */
export const klValues: Readonly<Record<KlValueName, KlValue>> = {
  k1: {
    name: 'k1',
    of: (l) => l,
    slope: () => 1,
    expectation: 'KL(π‖ref)',
    unbiased: true,
    nonNegative: false,
  },
  k2: {
    name: 'k2',
    of: (l) => (l * l) / 2,
    slope: (l) => l,
    expectation: 'half the second moment of the log-ratio, near KL(π‖ref) for near policies',
    unbiased: false,
    nonNegative: true,
  },
  k3: {
    name: 'k3',
    of: (l) => exponentialExcess(-l),
    slope: (l) => -Math.expm1(-l),
    expectation: 'KL(π‖ref), less what ref gives to outcomes impossible under π; its variance can be infinite',
    unbiased: true,
    nonNegative: true,
  },
  abs: {
    name: 'abs',
    of: (l) => Math.abs(l),
    slope: (l) => Math.sign(l),
    expectation: 'the mean absolute log-ratio, at least KL(π‖ref)',
    unbiased: false,
    nonNegative: true,
  },
}

/**
 * The log-ratio itself, log π(y) − log ref(y): unbiased for KL(π‖ref), negative on many samples.
 *
 * @example
 * ```ts
 * k1(-1, -1.5) // => 0.5
 * ```
 */
export const k1 = (logprob: number, referenceLogprob: number): number => logprob - referenceLogprob

/**
 * Half the squared log-ratio: biased for KL(π‖ref), never negative.
 *
 * @example
 * ```ts
 * k2(-1, -1.5) // => 0.125
 * ```
 */
export const k2 = (logprob: number, referenceLogprob: number): number => klValues.k2.of(logprob - referenceLogprob)

/**
 * r − 1 − log r with r = ref(y)/π(y): unbiased for KL(π‖ref), never negative.
 *
 * @example
 * ```ts
 * k3(-1, -1 + Math.log(2)) // => 0.3068528194400547
 * ```
 */
export const k3 = (logprob: number, referenceLogprob: number): number => klValues.k3.of(logprob - referenceLogprob)

/** Bounds against extreme tokens, as trainers set them. */
export interface KlClamp {
  /** The log-ratio is cut to ±this before anything else. */
  readonly logRatio?: number
  /** The value is cut to ±this. */
  readonly value?: number
}

/**
 * A value cut off at extreme tokens, which biases it, and whose slope is 0 there: such tokens are counted, but no gradient
 * pulls them back.
 *
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

/**
 * k1 + α·(r − 1), r = ref(y)/π(y): r − 1 has mean 0 over y ∼ π, so every α is unbiased; α = 0 is k1 and α = 1 is k3. The α of
 * least variance is `bestControlCoefficient`'s.
 *
 * @example
 * ```ts
 * controlVariate(1).of(0.5) // => 0.10653065971263342
 * ```
 */
export function controlVariate(alpha: number): KlValue {
  if (!Number.isFinite(alpha)) throw invalidArgument(`alpha must be a finite number, but is ${alpha}`)
  return {
    name: `k1 with control variate ${alpha}`,
    of: (l) => (1 - alpha) * l + alpha * exponentialExcess(-l),
    slope: (l) => 1 - alpha - alpha * Math.expm1(-l),
    expectation: 'KL(π‖ref), less α times what ref gives to outcomes impossible under π',
    unbiased: true,
    nonNegative: alpha === 1,
  }
}
