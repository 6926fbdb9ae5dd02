import { exponentialExcess } from '../numerics.js'

/** The per-sample values that stand for KL(π‖ref), by Schulman's names (http://joschu.net/blog/kl-approx.html). */
export type KlValueName = 'k1' | 'k2' | 'k3' | 'abs'

/**
 * A number computed from one sample's log-ratio l = log π(y) − log ref(y), whose mean over y ∼ π is reported as the KL.
 *
 * It says nothing about gradients: what a trainer does with it is a placement.
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
 * @param logprob log π(y), in nats
 * @param referenceLogprob log ref(y), in nats
 * @returns in nats
 * @example
 * ```ts
 * k1(-1, -1.5) // => 0.5
 * ```
 */
export const k1 = (logprob: number, referenceLogprob: number): number => logprob - referenceLogprob

/**
 * Half the squared log-ratio: biased for KL(π‖ref), never negative.
 *
 * @param logprob log π(y), in nats
 * @param referenceLogprob log ref(y), in nats
 * @returns in nats
 * @example
 * ```ts
 * k2(-1, -1.5) // => 0.125
 * ```
 */
export const k2 = (logprob: number, referenceLogprob: number): number => klValues.k2.of(logprob - referenceLogprob)

/**
 * r − 1 − log r with r = ref(y)/π(y): unbiased for KL(π‖ref), never negative.
 *
 * @param logprob log π(y), in nats
 * @param referenceLogprob log ref(y), in nats
 * @returns in nats
 * @example
 * ```ts
 * k3(-1, -1 + Math.log(2)) // => 0.3068528194400547
 * ```
 */
export const k3 = (logprob: number, referenceLogprob: number): number => klValues.k3.of(logprob - referenceLogprob)
