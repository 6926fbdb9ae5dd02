import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distributionRows, fromLogits, fromLogprobs, fromProbabilities } from '@posttrain/kl'

describe('distributions', () => {
  it('are the same from probabilities, log-probs and logits', () => {
    const logits = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(logits, fc.double({ min: -100, max: 100, noNaN: true }), (values, shift) => {
        const p = fromLogits(values)
        expect(p.probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 13)
        const others = [
          fromProbabilities(p.probabilities),
          fromLogprobs(p.logprobs),
          fromLogits(values.map((x) => x + shift)),
        ]
        for (const other of others) {
          // e^x carries the rounding of x, which is below 120 · 2⁻⁵³ here
          other.logprobs.forEach((logprob, i) => expect(logprob).toBeCloseTo(p.logprobs[i]!, 12))
        }
      }),
    )
  })

  it('keep the log of what underflows, and the zeros of what is impossible', () => {
    const far = fromLogits([1e4, -1e4, -Infinity])
    expect([...far.probabilities]).toEqual([1, 0, 0])
    expect([...far.logprobs]).toEqual([0, -2e4, -Infinity])
    expect(fromProbabilities([1, 0]).logprobs[1]).toBe(-Infinity)
  })

  it('scale away what f32 leaves over, and refuse what no rounding explains', () => {
    expect(fromProbabilities([0.50001, 0.5]).probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 15)
    expect(() => fromProbabilities([0.5, 0.4])).toThrow('must add up to 1, but add up to 0.9')
    expect(() => fromProbabilities([1.5, -0.5])).toThrow('probabilities[0] must lie in 0 … 1, but is 1.5')
    expect(() => fromLogprobs([-1, -1])).toThrow('exp(logprobs) must add up to 1')
    expect(() => fromLogits([0, NaN])).toThrow('logits[1] must be a finite number or -Infinity, but is NaN')
    expect(() => fromLogits([Infinity])).toThrow('logits[0]')
    expect(() => fromLogits([-Infinity])).toThrow('at least one entry above −∞')
    expect(() => fromLogits([])).toThrow('at least one entry')
  })

  it('come row by row', () => {
    const rows = distributionRows([0.5, 0.5, 1, 0], 2, fromProbabilities)
    expect(rows.map(({ probabilities }) => [...probabilities])).toEqual([
      [0.5, 0.5],
      [1, 0],
    ])
    expect(() => distributionRows([1, 0, 1], 2, fromProbabilities)).toThrow(
      'whole rows of 2 columns, but has 3 entries',
    )
  })
})
