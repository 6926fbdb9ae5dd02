import fc from 'fast-check'
import { distributionPair } from './arbitraries/distributions.js'
import { requireClose, requireThat } from './assertions.js'
import type { Law } from './law.js'

/** How far a distribution p is from q, given their probabilities. */
export type DivergenceFunction = (p: readonly number[], q: readonly number[]) => number

/** What a divergence claims beside being one. */
export interface DivergenceClaims {
  /** D(p, q) = D(q, p) (default false). */
  readonly symmetric?: boolean | undefined
  /** Merging outcomes never increases it, as for every f-divergence (default true). */
  readonly processing?: boolean | undefined
  /** D(p⊗p, q⊗q) = 2·D(p, q), as for KL (default false). */
  readonly additive?: boolean | undefined
  /** Default 1e-10. */
  readonly tolerance?: number | undefined
}

/**
 * The laws of a divergence: at least 0, 0 for p = q and only there, blind to the order of outcomes, never increased by
 * merging outcomes, and what else it claims.
 *
 * @example
 * ```ts
 * const totalVariation = (p: readonly number[], q: readonly number[]) =>
 *   p.reduce((total, value, i) => total + Math.abs(value - q[i]!) / 2, 0)
 * divergenceLaws('total variation', totalVariation, { symmetric: true }).length // => 4
 * ```
 */
export function divergenceLaws(name: string, divergence: DivergenceFunction, claims: DivergenceClaims = {}): Law[] {
  const { symmetric = false, processing = true, additive = false, tolerance = 1e-10 } = claims
  const laws: Law[] = [
    {
      name: `${name} is positive, and 0 only between equals`,
      property: fc.property(distributionPair(), ({ p, q }) => {
        requireClose(`${name}(p, p)`, divergence(p, p), 0, tolerance)
        const apart = Math.max(...p.map((value, i) => Math.abs(value - q[i]!)))
        const value = divergence(p, q)
        requireThat(value >= -tolerance, () => `${name} is negative: ${value}`)
        // Pinsker: even the weakest, quadratic at 0, exceeds a small multiple of the squared distance.
        requireThat(
          apart === 0 || value >= 0.05 * apart ** 2,
          () => `${name} is ${value} between different distributions`,
        )
      }),
    },
    {
      name: `${name} does not depend on the order of outcomes`,
      property: fc.property(distributionPair(), ({ p, q }) =>
        requireClose(name, divergence([...p].reverse(), [...q].reverse()), divergence(p, q), tolerance),
      ),
    },
  ]
  if (processing) {
    laws.push({
      name: `${name} never grows when outcomes are merged`,
      property: fc.property(distributionPair(), ({ p, q }) => {
        const merged = ([first = 0, second = 0, ...rest]: readonly number[]): number[] => [first + second, ...rest]
        const [before, after] = [divergence(p, q), divergence(merged(p), merged(q))]
        requireThat(after <= before + tolerance, () => `${name} grew from ${before} to ${after}`)
      }),
    })
  }
  if (symmetric) {
    laws.push({
      name: `${name} is symmetric`,
      property: fc.property(distributionPair(), ({ p, q }) =>
        requireClose(name, divergence(q, p), divergence(p, q), tolerance),
      ),
    })
  }
  if (additive) {
    const squared = (p: readonly number[]): number[] => p.flatMap((x) => p.map((y) => x * y))
    laws.push({
      name: `${name} adds up over independent parts`,
      property: fc.property(distributionPair(), ({ p, q }) =>
        requireClose(name, divergence(squared(p), squared(q)), 2 * divergence(p, q), tolerance),
      ),
    })
  }
  return laws
}
