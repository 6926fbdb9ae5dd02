import { invalidArgument, requireFiniteArray, type Task } from '@posttrain/core'
import type { ReferenceRewards } from './reference-rewards.js'

/**
 * A function made once per task from the rewards that its reference got, and kept.
 *
 * @throws PosttrainError `invalid-argument` for a task that has no reference rewards, when it is asked for
 */
export function perTask<T>(
  referenceRewards: ReferenceRewards | undefined,
  make: (sorted: Float64Array) => T,
): (task: Task) => T {
  const rewards = new Map(referenceRewards?.tasks.map((entry) => [entry.task, entry.rewards]))
  const made = new Map<string, T>()
  return ({ id }) => {
    const known = made.get(id)
    if (known !== undefined) return known
    const sorted = Float64Array.from(rewards.get(id) ?? []).sort()
    if (sorted.length === 0) {
      throw invalidArgument(
        `there are no reference rewards for task ${id}`,
        'collect them for all training tasks with collectReferenceRewards',
      )
    }
    requireFiniteArray(`reference rewards of task ${id}`, sorted)
    const result = make(sorted)
    made.set(id, result)
    return result
  }
}

/** How many of ascending rewards are below t, and how many equal it. */
export function rankOf(sorted: Float64Array, t: number): { readonly below: number; readonly equal: number } {
  const first = (holds: (value: number) => boolean): number => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (holds(sorted[middle]!)) high = middle
      else low = middle + 1
    }
    return low
  }
  const below = first((value) => value >= t)
  return { below, equal: first((value) => value > t) - below }
}
