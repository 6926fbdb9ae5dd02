import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replay } from '../../src/guards/replay.js'

describe('replay', () => {
  const fresh = (step: number): string[] => [`a${step}`, `b${step}`, `c${step}`]

  it('has the share it was asked for, on average over steps', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.9, noNaN: true }), fc.integer(), (share, seed) => {
        const batch = replay(fresh, { retained: ['old'], share, seed })
        const steps = 2000
        let retained = 0
        for (let step = 0; step < steps; step++) retained += batch(step).length - 3
        // The count is rounded at random: its variance is at most 1/4 a step, and 6 standard errors are never seen.
        expect(Math.abs(retained / steps - (3 * share) / (1 - share))).toBeLessThan((6 * 0.5) / Math.sqrt(steps))
      }),
      { numRuns: 30 },
    )
  })

  it('adds a whole number exactly, visits all that is retained, and keeps the batch', () => {
    const retained = Array.from({ length: 10 }, (_, i) => `old${i}`)
    const batch = replay(fresh, { retained, share: 0.25, seed: 4 })
    const seen = new Set<string>()
    for (let step = 0; step < 100; step++) {
      expect(batch(step).slice(0, 3)).toEqual(fresh(step))
      expect(batch(step)).toHaveLength(4)
      seen.add(batch(step)[3]!)
    }
    expect(seen.size).toBe(10)
  })

  it('is a function of the step and the seed', () => {
    const retained = ['p', 'q', 'r', 's']
    const all = (seed: number): string[] =>
      Array.from({ length: 20 }, (_, step) => replay(fresh, { retained, share: 0.5, seed })(step).join())
    expect(all(1)).toEqual(all(1))
    expect(all(1)).not.toEqual(all(2))
  })

  it('refuses nothing to retain and shares that are none', () => {
    expect(() => replay(fresh, { retained: [], share: 0.5, seed: 0 })).toThrow('retained is empty')
    expect(() => replay(fresh, { retained: ['p'], share: 1, seed: 0 })).toThrow('share must be below 1, but is 1')
    expect(() => replay(fresh, { retained: ['p'], share: -0.1, seed: 0 })).toThrow('share must be a finite number')
  })
})
