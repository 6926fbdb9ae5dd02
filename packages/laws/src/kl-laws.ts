import fc from 'fast-check'
import { distributionPair } from './arbitraries/distributions.js'
import { requireClose, requireThat } from './assertions.js'
import type { Law } from './law.js'

/** KL(p‖q) in nats, for q > 0 where p > 0. */
const kl = (p: readonly number[], q: readonly number[]): number =>
  p.reduce((sum, pi, i) => (pi === 0 ? sum : sum + pi * Math.log(pi / q[i]!)), 0)

/** A number made from one sample's log-ratio l = log π(y) − log ref(y). */
export interface KlSampleValue {
  readonly name: string
  /** The value at a log-ratio. */
  of(logRatio: number): number
}

/**
 * The laws of a per-sample value that stands for KL(π‖ref): unbiased by writing out the expectation over π, never
 * negative if it claims so, 0 where the policies agree.
 *
 * @example
 * ```ts
 * klValueLaws({ name: 'k1', of: (l) => l }, { unbiased: true, nonNegative: false }).length // => 2
 * ```
 */
export function klValueLaws(
  value: KlSampleValue,
  claims: { readonly unbiased: boolean; readonly nonNegative: boolean; readonly tolerance?: number | undefined },
): Law[] {
  const { tolerance = 1e-10 } = claims
  const { name } = value
  const laws: Law[] = [
    { name: `${name} is 0 where the policies agree`, property: fc.property(fc.constant(0), (l) => value.of(l) === 0) },
  ]
  if (claims.unbiased) {
    laws.push({
      name: `${name} is unbiased for KL(π‖ref)`,
      property: fc.property(distributionPair(), ({ p, q }) => {
        const expectation = p.reduce((sum, pi, i) => sum + pi * value.of(Math.log(pi / q[i]!)), 0)
        requireClose(`the expectation of ${name}`, expectation, kl(p, q), tolerance)
      }),
    })
  }
  if (claims.nonNegative) {
    laws.push({
      name: `${name} is never negative`,
      property: fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (l) => {
        requireThat(value.of(l) >= 0, () => `${name} is ${value.of(l)} at a log-ratio of ${l}`)
      }),
    })
  }
  return laws
}

/** A KL penalty as a trainer applies it to one sample of one token. */
export interface OneTokenPenalty {
  readonly name: string
  /** ∂(penalty)/∂log π(y), everything included: the term in the loss and, as a score-function term, the reward. */
  cotangent(logprob: number, referenceLogprob: number): number
}

/** The divergence whose gradient a penalty claims to follow; `none` claims an expected gradient of zero. */
export type KlGradientClaim = 'reverse-KL' | 'forward-KL' | 'none'

/**
 * The law of a KL penalty: over samples of a softmax policy π its expected gradient, Σ π(y)·cotangent(y)·∇log π(y), is
 * `scale` times that of KL(π‖ref) (`reverse-KL`), of KL(ref‖π) (`forward-KL`), or zero.
 *
 * The gradients in the logits are exact: π·(log(π/ref) − KL(π‖ref)) and π − ref.
 *
 * @example
 * ```ts
 * const k2InLoss = { name: 'k2 in loss', cotangent: (logprob: number, reference: number) => logprob - reference }
 * const [law] = klGradientLaws(k2InLoss, { follows: 'reverse-KL' })
 * law!.name // => 'k2 in loss follows the gradient of the reverse KL'
 * ```
 */
export function klGradientLaws(
  penalty: OneTokenPenalty,
  claims: {
    readonly follows: KlGradientClaim
    readonly scale?: number | undefined
    readonly tolerance?: number | undefined
  },
): Law[] {
  const { follows, scale = 1, tolerance = 1e-10 } = claims
  const what =
    follows === 'none' ? 'has no gradient on average' : `follows the gradient of the ${follows.replace('-', ' ')}`
  return [
    {
      name: `${penalty.name} ${what}`,
      property: fc.property(distributionPair(), ({ p, q }) => {
        const cotangents = p.map((pi, i) => penalty.cotangent(Math.log(pi), Math.log(q[i]!)))
        const mean = p.reduce((sum, pi, i) => sum + pi * cotangents[i]!, 0)
        const divergence = kl(p, q)
        p.forEach((pi, i) => {
          // Σ_y π(y)·cᵧ·(1{y = i} − π_i) = π_i·(c_i − mean)
          const step = pi * (cotangents[i]! - mean)
          const truth = { 'reverse-KL': pi * (Math.log(pi / q[i]!) - divergence), 'forward-KL': pi - q[i]!, none: 0 }[
            follows
          ]
          requireClose(`the expected gradient of ${penalty.name} in logit ${i}`, step, scale * truth, tolerance)
        })
      }),
    },
  ]
}
