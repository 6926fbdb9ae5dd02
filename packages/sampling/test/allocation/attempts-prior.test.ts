import { expect, it } from 'vitest'
import { fitRatePrior, nextPasses, type Attempts } from '../../src/allocation/attempts-prior.js'

/** What becomes of many tasks whose rates are of a Beta distribution, of so many attempts at each, in the shares that are expected. */
function expectedAttempts(a: number, b: number, most: number): Attempts[] {
  const all: Attempts[] = []
  let open = 1
  for (let failed = 0; failed < most; failed++) {
    const passes = nextPasses({ a, b }, failed)
    for (let i = 0; i < Math.round(10_000 * open * passes); i++) all.push({ failed, hasPassed: true })
    open *= 1 - passes
  }
  for (let i = 0; i < Math.round(10_000 * open); i++) all.push({ failed: most, hasPassed: false })
  return all
}

it.each([
  [2, 8],
  [0.5, 0.5],
  [1, 20],
  [10, 10],
])('is found again: Beta(%f, %f)', (a, b) => {
  const prior = fitRatePrior(expectedAttempts(a, b, 8))
  // The grid has ten values to a factor of ten.
  for (const failed of [0, 4, 16]) {
    expect(Math.abs(nextPasses(prior, failed) / nextPasses({ a, b }, failed) - 1)).toBeLessThan(0.15)
  }
})

it('stays uniform where nothing can be told', () => {
  expect(fitRatePrior([])).toEqual({ a: 1, b: 1 })
  expect(fitRatePrior([{ failed: 3, hasPassed: false }])).toEqual({ a: 1, b: 1 })
  expect(fitRatePrior([{ failed: 0, hasPassed: true }])).toEqual({ a: 1, b: 1 })
})
