import { invalidArgument, requireFinite } from '@posttrain/core'

/**
 * Which prompts get the expensive kind of response, when only a share of them may: the exact optimum of
 * max Σₓ zₓΔₓ subject to Σₓ zₓ ≤ ⌊q·B⌋, zₓ ∈ {0, 1}, which takes the largest positive margins (IBPO, Yu et al. 2025,
 * https://arxiv.org/abs/2501.17974).
 *
 * @param margins Δₓ, mean reward of the expensive responses less that of the standard ones; absent where nothing is
 *   known of the expensive ones, which are then not chosen
 * @param share q₊, from 0 to 1
 * @returns one entry per prompt; among equal margins the earlier prompt comes first
 * @throws PosttrainError `invalid-argument` for a margin that is not finite or a share outside 0 … 1
 * @example
 * ```ts
 * selectWithinBudget([0.6, 0.1, -0.2, 0.4, 0.05, 0.3], 0.5) // => [true, false, false, true, false, true]
 * ```
 */
export function selectWithinBudget(margins: readonly (number | undefined)[], share: number): boolean[] {
  const chosen = margins.map(() => false)
  margins
    .flatMap((margin, i) => {
      if (margin === undefined) return []
      if (!Number.isFinite(margin)) throw invalidArgument(`margins[${i}] must be a finite number, but is ${margin}`)
      return margin > 0 ? [{ margin, i }] : []
    })
    .sort((a, b) => b.margin - a.margin || a.i - b.i)
    .slice(0, capacityOf(share, margins.length))
    .forEach(({ i }) => (chosen[i] = true))
  return chosen
}

/** ⌊q·B⌋, with room for the rounding of q: 0.29·100 is 28.999999999999996. */
export const capacityOf = (share: number, prompts: number): number =>
  Math.floor(requireFinite('share', share, { min: 0, max: 1 }) * prompts + 1e-9)
