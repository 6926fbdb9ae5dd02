import { createStream, shuffled } from '@posttrain/core'

/**
 * The items of a step when all are visited in a new random order each epoch. A pure function of (seed, step): a resumed
 * run sees what an uninterrupted one would have seen.
 *
 * @param perStep items per step; an epoch's end may fall inside a step
 * @param round another order for another draw of the same step (default 0)
 */
export function itemsOfStep<T>(items: readonly T[], perStep: number, step: number, seed: number, round = 0): T[] {
  const chosen: T[] = []
  let order: { epoch: number; items: T[] } | undefined
  for (let position = step * perStep; position < (step + 1) * perStep; position++) {
    const epoch = Math.floor(position / items.length)
    if (order?.epoch !== epoch) {
      const labels = round === 0 ? [epoch] : [epoch, 'again', round]
      order = { epoch, items: shuffled(items, createStream(seed, 'prompt order', ...labels)) }
    }
    chosen.push(order.items[position % items.length]!)
  }
  return chosen
}
