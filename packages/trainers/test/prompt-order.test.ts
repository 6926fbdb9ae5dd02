import { itemsOfStep } from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'

describe('itemsOfStep', () => {
  const items = Array.from({ length: 10 }, (_, i) => i)
  it('visits every item once per epoch, in another order each time, also where steps straddle epochs', () => {
    const visited = Array.from({ length: 10 }, (_, step) => itemsOfStep(items, 4, step, 1)).flat()
    const epochs = [0, 10, 20, 30].map((start) => visited.slice(start, start + 10))
    for (const epoch of epochs) expect([...epoch].sort((a, b) => a - b)).toEqual(items)
    expect(new Set(epochs.map(String)).size).toBe(4)
    expect(itemsOfStep(items, 4, 2, 1)).toEqual(visited.slice(8, 12))
    expect(itemsOfStep(items, 4, 2, 2)).not.toEqual(visited.slice(8, 12))
  })
})
