import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logNoneDrawn } from '../../src/special/log-none-drawn.js'
import { choose, ratio, relativeError } from '../exact.js'

const share = fc.double({ min: 0, max: 1, noNaN: true })

/** n, and two parts of it that do not overlap. */
const counts = (most: number): fc.Arbitrary<readonly [n: number, a: number, b: number]> =>
  fc.tuple(fc.integer({ min: 2, max: most }), share, share).map(([n, u, v]) => {
    const a = 1 + Math.floor((n - 2) * u)
    return [n, a, Math.floor((n - a) * v)] as const
  })

describe('logNoneDrawn', () => {
  it('is the logarithm of a ratio of whole numbers, to the last digits of both it and what it lacks to 1', () => {
    fc.assert(
      fc.property(counts(2000), ([n, a, b]) => {
        const [none, all] = [choose(n - a, b), choose(n, b)]
        const value = logNoneDrawn(n, a, b)
        if (value > -700) expect(relativeError(Math.exp(value), ratio(none, all))).toBeLessThan(1e-13)
        expect(relativeError(-Math.expm1(value), ratio(all - none, all))).toBeLessThan(1e-14)
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('adds up over draws at any n: terms of one sign, so that nothing hides', () => {
    fc.assert(
      fc.property(counts(Number.MAX_SAFE_INTEGER), share, ([n, a, b], part) => {
        const first = Math.floor(b * part)
        const parts = logNoneDrawn(n, a, first) + logNoneDrawn(n - first, a, b - first)
        expect(relativeError(parts, logNoneDrawn(n, a, b))).toBeLessThan(2e-14)
      }),
      { seed: 1, numRuns: 2000 },
    )
  })

  it.each([
    // as doubles, by mpmath 1.3.0: loggamma(n−a+1) + loggamma(n−b+1) − loggamma(n+1) − loggamma(n−a−b+1) with mp.dps = 60
    [2 ** 53 - 1, 3e15, 2e9, -810131208.9369662],
    [2 ** 53 - 1, 1e8, 1e8, -1.1102230369511084],
    [2 ** 53 - 1, 2e9, 2e9, -444.08930845770135],
    [2 ** 53 - 1, 2 ** 52 - 1, 2 ** 52 - 1, -6243314768165304.0],
    [2 ** 53 - 1, 2 ** 53 - 11, 5, -173.36708201809205],
    [2 ** 53 - 1, 1e5, 1e5, -1.1102230246374826e-6],
    [1e9, 1e8, 1e8, -11134087.126508277],
    [1e12, 1e6, 7, -7.0000035000233335e-6],
    [1e9, 1000, 1000, -0.0010000009995011657],
  ])('of n = %d, %d and %d is %d', (n, a, b, value) => {
    for (const found of [logNoneDrawn(n, a, b), logNoneDrawn(n, b, a)])
      expect(relativeError(found, value)).toBeLessThan(1e-14)
  })

  it('is 0 where nothing is marked, and drawn where nothing else is left', () => {
    expect(logNoneDrawn(10, 0, 3)).toBe(0)
    expect(relativeError(logNoneDrawn(1e9, 5e8, 5e8), -Math.log(2) * 1e9 + 0.5 * Math.log(Math.PI * 5e8))).toBeLessThan(
      1e-14,
    )
  })
})
