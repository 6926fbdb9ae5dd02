import { invalidArgument, mean, requireFiniteArray, sum } from '@posttrain/core'

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
 * The mean over groups of the groups' means, with the standard error that groups show: SE = sd of the group
 * means/√groups.
 *
 * Samples of one prompt resemble each other, so their number is not the n that counts.
 *
 * @param groups one list per prompt of a value's samples, for instance from `tokenKl`
 * @returns in nats per sequence
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
  const means = groups.map((group, g) => {
    if (group.length === 0) throw invalidArgument(`groups[${g}] must not be empty`)
    requireFiniteArray(`groups[${g}]`, group)
    return mean(group)
  })
  const value = mean(means)
  const squares = sum(means.map((own) => (own - value) ** 2))
  const standardError = Math.sqrt(squares / (means.length - 1) / means.length)
  return { value, standardError, groups: means.length, samples: sum(groups.map(({ length }) => length)) }
}
