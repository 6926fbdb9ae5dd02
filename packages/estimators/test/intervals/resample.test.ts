import { describe, expect, it } from 'vitest'
import { clusterSums } from '../../src/intervals/moments.js'
import { resampledMeans } from '../../src/intervals/resample.js'

describe('resampledMeans', () => {
  it('are distributed as the mean of draws with replacement', () => {
    // Of (0, 0, 1) three draws hold j ones with probability C(3, j)·2^(3−j)/27.
    const resamples = 200_000
    const means = resampledMeans(clusterSums([0, 0, 1], undefined), resamples, 7)
    const expected = [8, 12, 6, 1].map((ways) => ways / 27)
    expected.forEach((probability, j) => {
      const share = means.filter((mean) => Math.abs(mean - j / 3) < 1e-9).length / resamples
      const fourErrors = 4 * Math.sqrt((probability * (1 - probability)) / resamples)
      expect(Math.abs(share - probability)).toBeLessThan(fourErrors)
    })
  })

  it('draw whole clusters and divide by the tasks in them', () => {
    const means = resampledMeans(clusterSums([0, 0, 0, 1], ['a', 'a', 'a', 'b']), 2000, 1)
    expect([...new Set(means)].sort()).toEqual([0, 0.25, 1]) // aa, ab, bb
  })
})
