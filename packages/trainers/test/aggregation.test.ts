import { constantLength, sequenceMeanOfTokenMean, sequenceSum, tokenMean, type Aggregation } from '@posttrain/trainers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

/** Σ over tokens of weight · loss, the weights' n inside as they are for advantages. */
function aggregate(aggregation: Aggregation, losses: readonly (readonly number[])[]): number {
  const [weights] = aggregation.weights([losses.map((sequence) => sequence.length)])
  const n = losses.length
  return losses.reduce(
    (sum, sequence, i) => sum + sequence.reduce((inner, loss) => inner + (weights![i]! * loss) / n, 0),
    0,
  )
}

describe('aggregations of the same token losses', () => {
  // Compendium, section 7: two sequences of 5 and of 10 tokens.
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

  const lengths = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 4,
  })

  it('give a token without a sequence no weight, and are the mean over prompts for equal lengths', () => {
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

  it('agree up to a constant where all sequences are of one length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }), (length, n) => {
        const batch = [new Array<number>(n).fill(length), new Array<number>(n).fill(length)]
        const of = (aggregation: Aggregation): number => aggregation.weights(batch)[0]![0]!
        expect(of(sequenceMeanOfTokenMean())).toBeCloseTo(of(sequenceSum()) / length, 12)
        expect(of(tokenMean())).toBeCloseTo(of(sequenceMeanOfTokenMean()), 12)
        expect(of(constantLength(length))).toBeCloseTo(of(sequenceMeanOfTokenMean()), 12)
      }),
    )
  })
})
