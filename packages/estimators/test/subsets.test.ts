import { describe, expect, it } from 'vitest'
import { allSubsets, subsetCount } from '../src/subsets.js'
import { choose } from './exact.js'

describe('subsets', () => {
  it('are counted exactly where the number is safe', () => {
    for (const [n, k] of [
      [5, 0],
      [5, 5],
      [30, 15],
      [60, 7],
      [53, 22],
    ] as const) {
      expect(subsetCount(n, k)).toBe(Number(choose(n, k)))
    }
    expect(subsetCount(4000, 2000)).toBe(Infinity)
  })

  it('are all visited once, in lexicographic order', () => {
    expect([...allSubsets(4, 2)].length).toBe(6)
    expect(Array.from(allSubsets(4, 2), (subset) => subset.join(''))).toEqual(['01', '02', '03', '12', '13', '23'])
    expect(Array.from(allSubsets(3, 3), (subset) => subset.join(''))).toEqual(['012'])
  })
})
