import { describe, expect, it } from 'vitest'
import { clusterSums, varianceOfMean } from '../../src/intervals/moments.js'

describe('varianceOfMean', () => {
  it('is s²/n without clusters, with n − 1 degrees of freedom', () => {
    const { variance, degrees } = varianceOfMean(clusterSums([1, 2, 3, 6], undefined))
    expect(variance).toBeCloseTo(14 / 3 / 4, 14)
    expect(degrees).toBe(3)
  })

  it('is unbiased for tasks that do not depend on each other, whatever the sizes are: CR2', () => {
    // Over all 2⁶ verdicts of six tasks in clusters of 3, 2 and 1; the variance of a mean of six is ¼/6.
    const clusters = [0, 0, 0, 1, 1, 2]
    let total = 0
    for (let verdicts = 0; verdicts < 64; verdicts++) {
      const values = clusters.map((_, i) => (verdicts >>> i) & 1)
      total += varianceOfMean(clusterSums(values, clusters)).variance / 64
    }
    expect(total).toBeCloseTo(1 / 24, 14)
  })

  it('counts degrees of freedom by Kish', () => {
    const { kish } = clusterSums([0, 1, 0, 1, 1, 0], [0, 0, 0, 1, 1, 2])
    expect(kish).toBeCloseTo(36 / 14, 14)
    expect(varianceOfMean(clusterSums([0, 1, 0, 1, 1, 0], [0, 0, 0, 1, 1, 2])).degrees).toBeCloseTo(22 / 14, 14)
    expect(varianceOfMean(clusterSums([0, 1, 1], [0, 0, 1])).degrees).toBe(1) // and no less than one
  })
})
