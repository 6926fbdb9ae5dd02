import { requireLength } from '@posttrain/core'
import type { Distribution } from '../distribution.js'
import type { Divergence } from './divergence.js'

/**
 * A divergence for each pair of rows, for instance at each position of a sequence.
 *
 * @param divergence for instance `klDivergence`
 * @param p (rows), as `distributionRows` gives them
 * @param q (rows)
 * @returns (rows)
 * @throws PosttrainError `invalid-argument` for different numbers of rows or columns
 * @example
 * ```ts
 * const p = distributionRows([0.5, 0.5, 1, 0], 2, fromProbabilities)
 * const q = distributionRows([0.5, 0.5, 0.75, 0.25], 2, fromProbabilities)
 * divergencePerRow(totalVariation, p, q) // => new Float64Array([0, 0.25])
 * ```
 */
export function divergencePerRow(
  divergence: Divergence,
  p: readonly Distribution[],
  q: readonly Distribution[],
): Float64Array {
  requireLength('q', q, p.length)
  return Float64Array.from(p, (row, i) => divergence(row, q[i]!))
}
