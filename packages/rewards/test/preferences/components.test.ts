import { describe, expect, it } from 'vitest'
import { strongComponents, weakComponents } from '../../src/preferences/components.js'

describe('components', () => {
  it('are in an order in which no edge leads back', () => {
    expect(strongComponents([[3], [0], [1, 4], [0], [5], [4]])).toEqual([[2], [4, 5], [1], [0, 3]])
  })

  it('are joined by edges of either direction where these do not count', () => {
    expect(weakComponents([[1], [], [1], [4], []])).toEqual([
      [0, 1, 2],
      [3, 4],
    ])
  })

  it('are found in a chain of 100,000 nodes', () => {
    const chain = Array.from({ length: 100_000 }, (_, i) => (i === 99_999 ? [] : [i + 1]))
    expect(strongComponents(chain)).toHaveLength(100_000)
    chain[99_999] = [0]
    expect(strongComponents(chain)).toHaveLength(1)
  })
})
