import { invalidArgument, requireFiniteArray } from '@posttrain/core'

/** A mean over samples with its uncertainty. */
export interface KlEstimate {
  /** Nats per sequence. */
  readonly value: number
  /** Standard deviation of `value` over new groups. */
  readonly standardError: number
  readonly groups: number
  readonly samples: number
}

/**
 * The mean over groups of the groups' means, with the standard error that groups show: samples of one prompt resemble each
 * other, so their number is not the n that counts.
 *
 * SE = sd of the group means/√groups.
 *
 * @param groups one list per prompt of a value's samples, for instance from `tokenKl`
 * @throws PosttrainError `invalid-argument` for fewer than two groups, an empty one, or values that are not finite
 * @example
 * ```ts
 * klEstimate([[1, 3], [4, 4]]) // => { value: 3, standardError: 1, groups: 2, samples: 4 }
 * ```
 */
export function klEstimate(groups: readonly ArrayLike<number>[]): KlEstimate {
  if (groups.length < 2) {
    throw invalidArgument(`a standard error needs at least 2 groups, but there are ${groups.length}`)
  }
  let samples = 0
  const means = groups.map((group, g) => {
    if (group.length === 0) throw invalidArgument(`groups[${g}] must not be empty`)
    requireFiniteArray(`groups[${g}]`, group)
    samples += group.length
    return Array.from(group).reduce((a, b) => a + b, 0) / group.length
  })
  const value = means.reduce((a, b) => a + b, 0) / means.length
  const squares = means.reduce((total, mean) => total + (mean - value) ** 2, 0)
  const standardError = Math.sqrt(squares / (means.length - 1) / means.length)
  return { value, standardError, groups: means.length, samples }
}
