import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { difficultyBin, difficultyEdges } from '@posttrain/sampling'

describe('difficultyEdges', () => {
  it('parts tasks of different difficulty into bins whose sizes differ by one at most', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        (difficulties, bins) => {
          fc.pre(difficulties.length >= bins && new Set(difficulties.map((d) => d + 0)).size === difficulties.length)
          const edges = difficultyEdges(difficulties, bins)
          const sizes = Array.from({ length: bins }, () => 0)
          for (const difficulty of difficulties) sizes[difficultyBin(difficulty, edges)]!++
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
          expect(sizes.reduce((a, b) => a + b)).toBe(difficulties.length)
        },
      ),
    )
  })

  it('keeps equal difficulties together, and leaves no bin empty', () => {
    expect(difficultyEdges([1, 1, 1, 1], 4)).toEqual([])
    expect(difficultyEdges([0, 1, 1, 1, 1, 2], 3)).toEqual([1])
    expect([0, 1, 1.5, 9].map((difficulty) => difficultyBin(difficulty, [1]))).toEqual([0, 0, 1, 1])
  })

  it('refuses what cannot be parted', () => {
    expect(() => difficultyEdges([1, 2], 3)).toThrow('2 tasks are too few for 3 bins')
    expect(() => difficultyEdges([1, NaN], 2)).toThrow('difficulties[1]')
    expect(() => difficultyBin(NaN, [1])).toThrow('difficulty')
  })
})
