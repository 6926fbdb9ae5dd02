import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sum } from '@posttrain/core'
import { constantLength, sequenceMeanOfTokenMean, sequenceSum, tokenMean, type Aggregation } from '@posttrain/losses'

/** Σ over the tokens of one group of weight · loss. */
function aggregate(aggregation: Aggregation, losses: readonly (readonly number[])[]): number {
  const [weights] = aggregation.weights([losses.map((sequence) => sequence.length)])
  return sum(losses.flatMap((sequence, i) => sequence.map((loss) => weights![i]! * loss)))
}

describe('aggregations of the same token losses', () => {
  // Two sequences of 5 and of 10 tokens.
  const losses = [
    [1, 1, 1, 1, 10],
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 10],
  ]
  it.each([
    ['sequence mean of token mean', sequenceMeanOfTokenMean(), 2.35],
    ['token mean', tokenMean(), 2.2],
    ['constant length', constantLength(10), 1.65],
    ['sequence sum', sequenceSum(), 16.5],
  ] as const)('%s', (_, aggregation, expected) => {
    expect(aggregate(aggregation, losses)).toBeCloseTo(expected, 12)
  })

  // Two prompts, of 3 samples and of 1; 2 + 4 + 0 + 6 = 12 tokens.
  it.each([
    ['sequence sum', sequenceSum(), [1 / 6, 1 / 6, 0, 1 / 2]],
    ['sequence mean of token mean', sequenceMeanOfTokenMean(), [1 / 12, 1 / 24, 0, 1 / 12]],
    ['token mean', tokenMean(), [1 / 12, 1 / 12, 0, 1 / 12]],
    ['constant length', constantLength(8), [1 / 48, 1 / 48, 0, 1 / 16]],
  ] as const)('%s takes the mean over prompts of the mean over the samples of each', (_, aggregation, expected) => {
    const [first, second] = aggregation.weights([[2, 4, 0], [6]])
    ;[...first!, ...second!].forEach((weight, i) => expect(weight).toBeCloseTo(expected[i]!, 15))
  })

  const lengths = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 4,
  })

  it('give a sequence without a token no weight', () => {
    fc.assert(
      fc.property(lengths, (batch) => {
        for (const aggregation of [sequenceSum(), sequenceMeanOfTokenMean(), tokenMean(), constantLength(7)]) {
          const weights = aggregation.weights(batch)
          expect(weights.map((group) => group.length)).toEqual(batch.map((group) => group.length))
          batch.forEach((group, g) =>
            group.forEach((length, i) => {
              if (length === 0) expect(weights[g]![i]).toBe(0)
              else expect(weights[g]![i]).toBeGreaterThan(0)
            }),
          )
        }
      }),
    )
  })

  it('add up to 1 over all tokens where every sequence has some, if they are means over tokens', () => {
    fc.assert(
      fc.property(lengths, (drawn) => {
        const batch = drawn.map((group) => group.map((length) => length + 1))
        for (const aggregation of [sequenceMeanOfTokenMean(), tokenMean()]) {
          const weights = aggregation.weights(batch)
          expect(sum(batch.flatMap((group, g) => group.map((length, i) => length * weights[g]![i]!)))).toBeCloseTo(
            1,
            12,
          )
        }
      }),
    )
  })

  it('agree up to a constant where all sequences are of one length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }), (length, n) => {
        const batch = [new Array<number>(n).fill(length), new Array<number>(n).fill(length)]
        const of = (aggregation: Aggregation): number => aggregation.weights(batch)[0]![0]!
        expect(of(sequenceSum())).toBeCloseTo(1 / (2 * n), 12)
        expect(of(sequenceMeanOfTokenMean())).toBeCloseTo(of(sequenceSum()) / length, 12)
        expect(of(tokenMean())).toBeCloseTo(of(sequenceMeanOfTokenMean()), 12)
        expect(of(constantLength(length))).toBeCloseTo(of(sequenceMeanOfTokenMean()), 12)
      }),
    )
  })

  it('refuse a constant length below 1', () => {
    expect(() => constantLength(0)).toThrow('length must be an integer of at least 1, but is 0')
  })
})
