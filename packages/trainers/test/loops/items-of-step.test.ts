import { itemsOfStep } from '../../src/loops/items-of-step.js'
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

  it('has another order for each go at a step, the same one whenever it is asked', () => {
    const goes = [0, 1, 2].map((round) => itemsOfStep(items, 10, 3, 1, round))
    for (const go of goes) expect([...go].sort((a, b) => a - b)).toEqual(items)
    expect(new Set(goes.map(String)).size).toBe(3)
    expect(itemsOfStep(items, 10, 3, 1, 2)).toEqual(goes[2])
  })

  it('gives an item more than once to a step that holds more than one epoch', () => {
    expect(itemsOfStep(['a', 'b'], 4, 0, 1).sort()).toEqual(['a', 'a', 'b', 'b'])
  })
})
