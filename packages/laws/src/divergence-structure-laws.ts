import fc from 'fast-check'
import { requireThat } from './assertions.js'
import type { DivergenceFunction } from './divergence-laws.js'
import type { Law } from './law.js'

/** What a divergence claims about mixtures, channels and sequences. */
export interface DivergenceStructureClaims {
  /** D(λp + (1−λ)p′, λq + (1−λ)q′) ≤ λ·D(p, q) + (1−λ)·D(p′, q′), as for every f-divergence (default true). */
  readonly jointlyConvex?: boolean | undefined
  /** No channel increases it: D(pK, qK) ≤ D(p, q) for every stochastic matrix K (default true). */
  readonly processing?: boolean | undefined
  /** Over two tokens D = D of the first + Σ p(x)·D of the second given x, as for KL alone (default false). */
  readonly chainRule?: boolean | undefined
  /** c with D ≥ c·TV², TV the total variation: 2 for KL by Pinsker's inequality. */
  readonly pinsker?: number | undefined
  /** The most it can be, for instance log 2 for Jensen–Shannon. */
  readonly bound?: number | undefined
  /** Relative to the value, default 1e-10. */
  readonly tolerance?: number | undefined
}

/** A distribution over `size` outcomes, some of them impossible. */
const sparse = (size: number): fc.Arbitrary<number[]> =>
  fc
    .array(fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 20 }) }, fc.constant(0)), {
      minLength: size,
      maxLength: size,
    })
    .filter((weights) => weights.some((weight) => weight > 0))
    .map((weights) => {
      const sum = weights.reduce((a, b) => a + b, 0)
      return weights.map((weight) => weight / sum)
    })

const sizes = fc.integer({ min: 2, max: 4 })
const pairs = sizes.chain((n) => fc.record({ p: sparse(n), q: sparse(n) }))

/** Σ p(x)·rows[x]: what a channel with these rows makes of p. */
const through = (p: readonly number[], rows: readonly (readonly number[])[]): number[] =>
  rows[0]!.map((_, y) => p.reduce((sum, px, x) => sum + px * rows[x]![y]!, 0))

/**
 * The laws that tie a divergence on mixtures, on outputs of a channel and on sequences to those on their parts.
 * Impossible outcomes occur: a divergence may be infinite.
 *
 * @param name for the laws' names
 * @param divergence of two lists of probabilities
 * @param claims which of the laws it claims
 * @example
 * ```ts
 * const totalVariation = (p: readonly number[], q: readonly number[]) =>
 *   p.reduce((total, value, i) => total + Math.abs(value - q[i]!) / 2, 0)
 * divergenceStructureLaws('total variation', totalVariation, { bound: 1 }).length // => 3
 * ```
 */
export function divergenceStructureLaws(
  name: string,
  divergence: DivergenceFunction,
  claims: DivergenceStructureClaims = {},
): Law[] {
  const { jointlyConvex = true, processing = true, chainRule = false, pinsker, bound, tolerance = 1e-10 } = claims
  const atMost = (smaller: number, larger: number, what: string): void =>
    requireThat(
      smaller <= larger + tolerance * Math.max(1, larger) || larger === Infinity,
      () => `${name}: ${smaller} is more than ${larger}, ${what}`,
    )
  const laws: Law[] = []
  if (jointlyConvex) {
    const mixtures = fc.record({
      parts: sizes.chain((n) => fc.record({ p: sparse(n), q: sparse(n), p2: sparse(n), q2: sparse(n) })),
      share: fc.integer({ min: 1, max: 19 }).map((x) => x / 20),
    })
    laws.push({
      name: `${name} is jointly convex`,
      property: fc.property(mixtures, ({ parts: { p, q, p2, q2 }, share }) => {
        const mix = (a: readonly number[], b: readonly number[]): number[] =>
          a.map((x, i) => share * x + (1 - share) * b[i]!)
        const ofParts = share * divergence(p, q) + (1 - share) * divergence(p2, q2)
        atMost(divergence(mix(p, p2), mix(q, q2)), ofParts, 'the mixture of its parts')
      }),
    })
  }
  if (processing) {
    const channels = fc
      .tuple(sizes, sizes)
      .chain(([n, m]) =>
        fc.record({ p: sparse(n), q: sparse(n), rows: fc.array(sparse(m), { minLength: n, maxLength: n }) }),
      )
    laws.push({
      name: `${name} never grows through a channel`,
      property: fc.property(channels, ({ p, q, rows }) =>
        atMost(divergence(through(p, rows), through(q, rows)), divergence(p, q), 'what went into the channel'),
      ),
    })
  }
  if (chainRule) {
    const twoTokens = sizes.chain((n) => {
      const rows = fc.array(sparse(n), { minLength: n, maxLength: n })
      return fc.record({ p: sparse(n), q: sparse(n), pNext: rows, qNext: rows })
    })
    laws.push({
      name: `${name} obeys the chain rule over two tokens`,
      property: fc.property(twoTokens, ({ p, q, pNext, qNext }) => {
        const joint = (first: readonly number[], next: readonly (readonly number[])[]): number[] =>
          first.flatMap((px, x) => next[x]!.map((py) => px * py))
        const later = p.reduce((sum, px, x) => (px === 0 ? sum : sum + px * divergence(pNext[x]!, qNext[x]!)), 0)
        const whole = divergence(joint(p, pNext), joint(q, qNext))
        const parts = divergence(p, q) + later
        atMost(whole, parts, 'the sum over tokens')
        atMost(parts, whole, 'the divergence of sequences')
      }),
    })
  }
  if (pinsker !== undefined) {
    laws.push({
      name: `${name} is at least ${pinsker} TV²`,
      property: fc.property(pairs, ({ p, q }) => {
        const variation = p.reduce((sum, x, i) => sum + Math.abs(x - q[i]!) / 2, 0)
        atMost(pinsker * variation ** 2, divergence(p, q), 'the divergence')
      }),
    })
  }
  if (bound !== undefined) {
    laws.push({
      name: `${name} is at most ${bound}`,
      property: fc.property(pairs, ({ p, q }) => atMost(divergence(p, q), bound, 'its bound')),
    })
  }
  return laws
}
