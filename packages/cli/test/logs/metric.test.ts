import { expect, it } from 'vitest'
import { nameOf, parseMetric } from '../../src/logs/metric.js'

it.each(['pass@1', 'pass^4', 'maj@32', 'best-of-16'])('%s is a metric', (name) => {
  expect(nameOf(parseMetric(name))).toBe(name)
})

it.each(['pass', 'pass@', 'pass@0', 'pass@1.5', 'pass@-1', 'Pass@1', 'mean', 'maj^2', 'best-of-08', ''])(
  '%j is none',
  (name) => {
    expect(() => parseMetric(name)).toThrow(`the metric '${name}' is unknown`)
  },
)
