import { describe, expect, it } from 'vitest'
import { shuffledBatches } from '../../../src/loops/offline/shuffled-batches.js'

describe('shuffledBatches', () => {
  const items = ['a', 'b', 'c', 'd', 'e']

  it('visits every item once per epoch, also where an epoch ends inside a batch', () => {
    const batch = shuffledBatches(items, 2, 7)
    const seen = [0, 1, 2, 3, 4].flatMap(batch)
    expect([...seen.slice(0, 5)].sort()).toEqual(items)
    expect([...seen.slice(5)].sort()).toEqual(items)
    expect(batch(2)).toEqual(seen.slice(4, 6))
  })

  it('names its orders by the seed', () => {
    const orders = [0, 1, 2, 3].map((seed) => shuffledBatches(items, 5, seed)(0).join())
    expect(new Set(orders).size).toBeGreaterThan(1)
    expect(shuffledBatches(items, 5, 3)(0).join()).toBe(orders[3])
  })

  it('refuses nothing to shuffle, and batches of nothing', () => {
    expect(() => shuffledBatches([], 2, 0)).toThrow('items is empty')
    expect(() => shuffledBatches(items, 0, 0)).toThrow('size must be an integer of at least 1, but is 0')
    expect(() => shuffledBatches(items, 1, 0.5)).toThrow('seed must be an integer, but is 0.5')
  })
})
