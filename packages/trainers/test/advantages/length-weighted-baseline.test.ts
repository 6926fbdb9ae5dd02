import { describe, expect, it } from 'vitest'
import { lengthWeightedBaseline } from '../../src/advantages/length-weighted-baseline.js'
import { groupOf, sampleOf } from './token-groups.js'

const group = groupOf([[1, 1], [3, 0], [4, 0.5]]) // prettier-ignore

describe('lengthWeightedBaseline', () => {
  it('compares with the mean weighted by chosen tokens', () => {
    // (1·1 + 3·0 + 4·0.5)/8
    expect(lengthWeightedBaseline().advantages([group])).toEqual([{ advantages: [0.625, -0.375, 0.125] }])
  })

  it('counts what the policy chose, and nothing else', () => {
    const padded = { ...sampleOf(9), mask: Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 0, 0) }
    const samples = [padded, ...group.samples.slice(1)]
    expect(lengthWeightedBaseline().advantages([{ ...group, samples }])).toEqual(
      lengthWeightedBaseline().advantages([group]),
    )
  })
})
