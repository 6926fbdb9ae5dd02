import { invalidArgument } from '@posttrain/core'
import { sumOverEntries, type Divergence } from './divergence.js'

/** A convex function with f(1) = 0, and how it grows. */
export interface Generator {
  /** f(t) for t ≥ 0; f(0) may be ∞. */
  readonly f: (t: number) => number
  /** lim f(t)/t for t → ∞, the price of an outcome that is impossible under q; may be ∞. */
  readonly slopeAtInfinity: number
}

/**
 * The f-divergence Σ q·f(p/q) of your own generator (Csiszár 1967).
 *
 * An outcome that is impossible under q costs p times `slopeAtInfinity`. Ratios are formed as they are: near p = q, and
 * for ratios beyond 1e308, the named divergences are more precise.
 *
 * @param generator f, and its slope at infinity
 * @returns a divergence
 * @throws PosttrainError `invalid-argument` if f(1) is not 0, or f is seen not to be convex on a few points
 * @example
 * ```ts
 * const lecam = fDivergence({ f: (t) => (t - 1) ** 2 / (t + 1), slopeAtInfinity: 1 })
 * lecam(fromProbabilities([1, 0]), fromProbabilities([0, 1])) // => 2
 * ```
 */
export function fDivergence({ f, slopeAtInfinity }: Generator): Divergence {
  if (!(Math.abs(f(1)) <= 1e-12)) throw invalidArgument(`the generator must have f(1) = 0, but f(1) is ${f(1)}`)
  for (const t of [0.125, 0.25, 0.5, 1, 2, 4]) {
    const [a, b, c] = [f(t), f(1.5 * t), f(2 * t)] as const
    if (!(b <= (a + c) / 2 + 1e-9 * Math.max(1, Math.abs(a), Math.abs(c)))) {
      throw invalidArgument(`the generator must be convex, but is not between ${t} and ${2 * t}`)
    }
  }
  const beyond = (p: number): number => (p === 0 ? 0 : p * slopeAtInfinity)
  return (p, q) => sumOverEntries(p, q, ({ p, q, d }) => (q === 0 ? beyond(p) : q * f(Math.exp(-d))))
}
