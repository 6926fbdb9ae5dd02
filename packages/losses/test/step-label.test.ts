import { describe, expect, it } from 'vitest'
import { stepLabelLoss } from '@posttrain/losses'

const evaluate = (values: readonly number[], valueTarget: readonly number[]) =>
  stepLabelLoss().evaluate([{ value: Float64Array.from(values) }], [{ weight: 0.5, valueTarget }])

describe('stepLabelLoss', () => {
  it('is the binary cross-entropy of each step', () => {
    const { value, cotangents, metrics } = evaluate([2, -1, 0.5], [1, 1, 0])
    const surprise = [1 + Math.exp(-2), 1 + Math.exp(1), 1 + Math.exp(0.5)].map(Math.log)
    expect(value).toBeCloseTo(0.5 * (surprise[0]! + surprise[1]! + surprise[2]!), 12)
    const slopes = [-1 / (1 + Math.exp(2)), -1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(-0.5))]
    cotangents[0]!.value!.forEach((slope, t) => expect(slope).toBeCloseTo(0.5 * slopes[t]!, 12))
    expect(metrics['accuracy']).toBeCloseTo(1 / 3, 12)
  })

  it('has its minimum, a label’s entropy, where σ(v) is the label', () => {
    const { value, cotangents } = evaluate([Math.log(3)], [0.75])
    expect(cotangents[0]!.value![0]).toBeCloseTo(0, 12)
    expect(value).toBeCloseTo(0.5 * (-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25)), 12)
  })

  it('stays finite for values that are far out', () => {
    const { value, cotangents } = evaluate([-1000, 1000], [1, 1])
    expect([value, ...cotangents[0]!.value!]).toEqual([500, -0.5, 0])
  })

  it('refuses what it cannot use', () => {
    expect(() => evaluate([1, 1], [1, 1.5])).toThrow(
      'valueTarget[1] of sequence 0 must be a finite number from 0 to 1, but is 1.5',
    )
    expect(() => evaluate([1], [1, 1])).toThrow('valueTarget of sequence 0 must have 1 entries, but has 2')
    expect(() => stepLabelLoss().evaluate([{ value: Float64Array.of(1) }], [{ weight: 1 }])).toThrow(
      'sequence 0 has no valueTarget',
    )
    expect(() => stepLabelLoss().evaluate([{}], [{ weight: 1, valueTarget: [] }])).toThrow('the score value is missing')
  })
})
