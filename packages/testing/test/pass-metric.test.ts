import { passAtK, passHatK } from '@posttrain/estimators'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { metricInterval, passMetric } from '../src/pass-metric.js'

it('is a function of the rate, and back', () => {
  expect(passMetric('pass@8').atRate(0.25)).toBeCloseTo(1 - 0.75 ** 8, 12)
  expect(passMetric('pass^3').atRate(0.5)).toBe(0.125)
  const name = fc
    .tuple(fc.constantFrom('pass@', 'pass^'), fc.integer({ min: 1, max: 30 }))
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(name, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (of, value) => {
      const { atRate, rateAt } = passMetric(of)
      expect(atRate(rateAt(value))).toBeCloseTo(value, 10)
    }),
  )
})

it('has the unbiased estimate', () => {
  expect(passMetric('pass@4').estimate(10, 3)).toBe(passAtK(10, 3, 4))
  expect(passMetric('pass^4').estimate(10, 7)).toBe(passHatK(10, 7, 4))
})

it('the interval of 8 passes among 10 is that of their rate, carried over', () => {
  // Clopper–Pearson of 8 in 10 at 0.95: [0.44390, 0.97479].
  const { lower, upper, method, level } = metricInterval(passMetric('pass^2'), 8, 10, 0.95)
  expect(lower).toBeCloseTo(0.4439045 ** 2, 6)
  expect(upper).toBeCloseTo(0.9747893 ** 2, 6)
  expect({ method, level }).toEqual({ method: 'clopper-pearson', level: 0.95 })
})

const choose = (n: number, c: number): number => (c === 0 ? 1 : (choose(n - 1, c - 1) * n) / c)

it.each(['pass@1', 'pass@8', 'pass^4'])(
  'the lower bound of %s is above its value at most in 2.5 %% of all cases',
  (name) => {
    const metric = passMetric(name)
    const n = 20
    for (const p of [0.02, 0.1, 0.3, 0.5, 0.8, 0.95]) {
      let tooHigh = 0
      for (let c = 0; c <= n; c++) {
        if (metricInterval(metric, c, n, 0.95).lower > metric.atRate(p))
          tooHigh += choose(n, c) * p ** c * (1 - p) ** (n - c)
      }
      expect(tooHigh).toBeLessThanOrEqual(0.025)
    }
  },
)

it.each(['pass', 'pass@0', 'maj@3', 'mean', 'constructor'])('makes no gate of %s', (name) => {
  expect(() => passMetric(name)).toThrow(`no gate can be made of '${name}'`)
})
