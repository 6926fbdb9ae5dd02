import { describe, expect, it } from 'vitest'
import { aggregateSteps, type StepAggregation } from '@posttrain/sampling'
import { aggregateScores } from '../src/aggregate-steps.js'

describe('aggregateSteps', () => {
  it.each<[StepAggregation, number]>([
    ['min', 0.6],
    ['product', 0.4104],
    ['log-product', Math.log(0.4104)],
    ['last', 0.6],
    ['mean', 0.8125],
    ['geometric-mean', 0.4104 ** 0.25],
  ])('%s of 0.9, 0.8, 0.95, 0.6', (how, expected) => {
    expect(aggregateSteps([0.9, 0.8, 0.95, 0.6], how)).toBeCloseTo(expected, 14)
  })

  it('orders long solutions by logarithms where the product is 0', () => {
    const [good, bad] = [0.4, 0.3].map((p) => Array<number>(1_000).fill(p))
    expect(aggregateSteps(good!, 'product')).toBe(0)
    expect(aggregateSteps(good!, 'log-product')).toBeGreaterThan(aggregateSteps(bad!, 'log-product'))
    expect(aggregateSteps([0, 1], 'product')).toBe(0)
    expect(aggregateSteps([0, 1], 'geometric-mean')).toBe(0)
  })

  it('refuses no steps, what is no probability, and a logarithm of 0', () => {
    expect(() => aggregateSteps([], 'min')).toThrow('there are no steps to aggregate')
    expect(() => aggregateSteps([0.5, 1.5], 'min')).toThrow('scores[1] must be a finite number from 0 to 1, but is 1.5')
    expect(() => aggregateSteps([0, 1], 'log-product')).toThrow('the log-product of the scores must be a finite number')
    expect(() => aggregateSteps([1], 'sum' as never)).toThrow('how must be one of min, product, log-product, last')
  })
})

describe('scores on any scale', () => {
  it('are aggregated where that makes no product of them', () => {
    expect(aggregateScores([3, -2, 5], 'min')).toBe(-2)
    expect(aggregateScores([3, -2, 5], 'mean')).toBe(2)
    expect(aggregateScores([3, -2, 5], 'last')).toBe(5)
    expect(() => aggregateScores([0.5, 1.5], 'product')).toThrow(
      'scores[1] must be a finite number from 0 to 1, but is 1.5',
    )
    expect(() => aggregateScores([0.5, Infinity], 'min')).toThrow('scores[1] must be a finite number, but is Infinity')
  })
})
