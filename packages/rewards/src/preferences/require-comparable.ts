import { invalidData, shown } from '@posttrain/core'
import { strongComponents, weakComponents } from './components.js'
import type { PreferenceData } from './preference-data.js'

/** Groups, and items of each, that a message names. */
const NAMED = 6

/**
 * Refuses comparisons that leave abilities without bound. A finite maximum needs, for every two groups that the items
 * are parted into, an item of either preferred to one of the other (Ford 1957, https://doi.org/10.2307/2308513;
 * Hunter 2004, https://doi.org/10.1214/aos/1079120141): the graph of preferences is strongly connected. With a penalty
 * it is enough that it is connected.
 *
 * @throws PosttrainError `invalid-data`, with the groups named
 */
export function requireComparable(
  { names, preferredTo }: Pick<PreferenceData, 'names' | 'preferredTo'>,
  isPenalised: boolean,
): void {
  const apart = weakComponents(preferredTo)
  if (apart.length > 1) {
    throw invalidData(
      `the items fall into ${apart.length} groups that were never compared with each other: ${listed(apart, names)}`,
      'fit each group alone, or add comparisons between them',
    )
  }
  if (isPenalised) return
  const ordered = strongComponents(preferredTo)
  if (ordered.length > 1) {
    throw invalidData(
      `the abilities have no bound: the items fall into ${ordered.length} groups, and none was ever preferred to one of ` +
        `a group before its own: ${listed(ordered, names)}`,
      'add comparisons, leave items out, or shrink by a ridge penalty',
    )
  }
}

function listed(groups: readonly (readonly number[])[], names: readonly string[]): string {
  const texts = groups.slice(0, NAMED).map((items) => {
    const first = items.slice(0, NAMED).map((i) => shown(names[i]!, 40))
    return items.length > NAMED ? `${first.join(', ')} and ${items.length - NAMED} more` : first.join(', ')
  })
  return texts.join(' | ') + (groups.length > NAMED ? ` | and ${groups.length - NAMED} groups more` : '')
}
