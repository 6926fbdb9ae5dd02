import { requireFinite } from '@posttrain/core'

/**
 * P-values adjusted for being looked at together: the chance that any of them falls to α where nothing differs is at
 * most α, whatever they have to do with each other.
 *
 * In ascending order p₍ᵢ₎ becomes the greatest of (m − j + 1)·p₍ⱼ₎ over j ≤ i, at most 1 (Holm 1979,
 * https://www.jstor.org/stable/4615733).
 *
 * @param pValues on [0, 1]
 * @returns (pValues), in their order
 * @throws PosttrainError `invalid-argument` for what is no probability
 * @example
 * ```ts
 * holmPValues([0.01, 0.04, 0.03]) // => [0.03, 0.06, 0.06]
 * ```
 */
export function holmPValues(pValues: readonly number[]): number[] {
  pValues.forEach((p, i) => requireFinite(`pValues[${i}]`, p, { min: 0, max: 1 }))
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i]! - pValues[j]!)
  const adjusted = new Array<number>(pValues.length)
  let greatest = 0
  order.forEach((i, rank) => {
    greatest = Math.max(greatest, Math.min(1, (pValues.length - rank) * pValues[i]!))
    adjusted[i] = greatest
  })
  return adjusted
}
