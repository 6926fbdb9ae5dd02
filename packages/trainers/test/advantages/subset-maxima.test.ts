import { describe, expect, it } from 'vitest'
import { creditSubsetMaxima } from '../../src/advantages/subset-maxima.js'

describe('creditSubsetMaxima', () => {
  const subsets = [[0, 1], [1, 2], [0, 3]] // prettier-ignore

  it('credits each sample with the maxima of its subsets, less the mean of all', () => {
    // Maxima 1, 0, 1, mean 2/3; four samples and three subsets.
    const found = creditSubsetMaxima([1, 0, 0, 0.5], subsets, false)
    ;[2 / 3, -1 / 3, -2 / 3, 1 / 3].forEach((value, i) => expect(found[i]).toBeCloseTo((4 / 3) * value, 14))
  })

  it('divided by their deviation', () => {
    const found = creditSubsetMaxima([1, 0, 0, 0.5], subsets, true)
    const deviation = Math.sqrt(2) / 3
    ;[2 / 3, -1 / 3, -2 / 3, 1 / 3].forEach((value, i) => expect(found[i]).toBeCloseTo(value / deviation, 14))
  })

  it('says nothing where all maxima agree', () => {
    expect(creditSubsetMaxima([1, 1, 0, 1], subsets, true)).toEqual([0, 0, 0, 0])
  })
})
