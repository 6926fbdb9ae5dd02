import { invalidArgument, requireInteger } from '@posttrain/core'
import { itemsOfStep } from '../items-of-step.js'

/**
 * Batches that visit all items in a new random order each epoch. A pure function of the step, so that a run can be
 * resumed.
 *
 * @param items at least one
 * @param size items per batch; the end of an epoch may fall inside one
 * @param seed names the orders
 * @throws PosttrainError `invalid-argument` for no items or a size below 1
 * @example
 * ```ts
 * const batch = shuffledBatches(['a', 'b', 'c', 'd'], 2, 7)
 * const epoch = [...batch(0), ...batch(1)]
 * epoch.sort() // => ['a', 'b', 'c', 'd']
 * ```
 */
export function shuffledBatches<T>(items: readonly T[], size: number, seed: number): (step: number) => readonly T[] {
  if (items.length === 0) throw invalidArgument('items is empty')
  requireInteger('size', size, { min: 1 })
  requireInteger('seed', seed)
  return (step) => itemsOfStep(items, size, step, seed)
}
