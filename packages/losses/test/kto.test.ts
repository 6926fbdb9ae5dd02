import { describe, expect, it } from 'vitest'
import { ktoLoss } from '@posttrain/losses'

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))

/** Completions of two tokens with the log-ratios and labels given. */
const batch = (logRatios: readonly number[], labels: readonly number[]) =>
  [
    logRatios.map((r) => ({ logprob: Float64Array.of(-2, r - 1) })),
    labels.map((advantage) => ({ advantage, weight: 0.5, referenceLogprob: [-2, -1] })),
  ] as const

describe('ktoLoss', () => {
  it('draws desirable completions above the reference point and pushes undesirable ones below it', () => {
    const loss = ktoLoss({ beta: 0.5, desirableWeight: 1.5, undesirableWeight: 0.75 })
    const { value, cotangents, metrics } = loss.evaluate(...batch([1, -2, 0.5, 1.5], [1, -1, 0, 0]))
    expect(metrics).toEqual({ referencePoint: 1, mismatched: 2 })
    const [good, bad] = [1 - sigmoid(0), 1 - sigmoid(0.5 * 3)]
    expect(value).toBeCloseTo(0.5 * (1.5 * good + 0.75 * bad), 12)
    const slopes = cotangents.map(({ logprob }) => logprob![1]!)
    expect(slopes[0]).toBeCloseTo(-0.5 * 1.5 * 0.5 * 0.25, 12)
    expect(slopes[1]).toBeCloseTo(0.5 * 0.75 * 0.5 * bad * (1 - bad), 12)
    expect(slopes.slice(2).map(Math.abs)).toEqual([0, 0])
  })

  it('has a reference point of at least 0, as a KL has', () => {
    expect(ktoLoss().evaluate(...batch([1, -3], [1, 0])).metrics['referencePoint']).toBe(0)
  })

  it('does without mismatched completions only on request', () => {
    expect(() => ktoLoss().evaluate(...batch([1, -3], [1, -1]))).toThrow('no sequence has advantage 0')
    const { metrics, value } = ktoLoss({ beta: 1, referencePoint: 'zero' }).evaluate(...batch([1, 3], [1, 0]))
    expect([metrics['referencePoint'], value]).toEqual([0, 0.5 * (1 - sigmoid(1))])
  })

  it('refuses what is no label', () => {
    expect(() => ktoLoss().evaluate(...batch([1], [0.5]))).toThrow(
      'advantage of sequence 0 must be 1, −1 or 0, but is 0.5',
    )
    const [scores] = batch([1], [1])
    expect(() => ktoLoss().evaluate(scores, [{ advantage: [1, 1], weight: 1, referenceLogprob: [0, 0] }])).toThrow(
      'but is one per token',
    )
    expect(() => ktoLoss({ referencePoint: 'mean' as 'zero' })).toThrow('referencePoint')
    expect(() => ktoLoss({ desirableWeight: -1 })).toThrow('desirableWeight')
  })
})
