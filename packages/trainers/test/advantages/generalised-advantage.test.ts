import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generalisedAdvantage, generalisedAdvantages } from '../../src/advantages/generalised-advantage.js'
import { flat, groupOf } from './token-groups.js'

describe('generalisedAdvantages', () => {
  const sequences = fc
    .integer({ min: 1, max: 8 })
    .chain((length) =>
      fc.tuple(
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: length, maxLength: length }),
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: length, maxLength: length }),
        fc.double({ min: 0.5, max: 1, noNaN: true }),
      ),
    )

  it('is the compendium’s example', () => {
    const [r, v] = [Float64Array.of(0, 0, 1), Float64Array.of(0.5, 0.6, 0.7)]
    ;[0.46575, 0.385, 0.3].forEach((expected, t) => {
      expect(generalisedAdvantages(r, v, 1, 0.95)[t]).toBeCloseTo(expected, 12)
    })
  })

  it('with λ = 1 is discounted returns minus values; with λ = 0 the one-step error', () => {
    fc.assert(
      fc.property(sequences, ([r, v, gamma]) => {
        const [rewards, values] = [Float64Array.from(r), Float64Array.from(v)]
        const returns = generalisedAdvantages(rewards, values, gamma, 1)
        const errors = generalisedAdvantages(rewards, values, gamma, 0)
        for (let t = 0; t < r.length; t++) {
          const discounted = r.slice(t).reduce((sum, x, s) => sum + gamma ** s * x, 0)
          expect(returns[t]).toBeCloseTo(discounted - v[t]!, 10)
          expect(errors[t]).toBeCloseTo(r[t]! + gamma * (v[t + 1] ?? 0) - v[t]!, 12)
        }
      }),
    )
  })
})

describe('generalisedAdvantage', () => {
  it('gives the critic advantage plus value to learn, and refuses groups without values', () => {
    const group = { ...groupOf([[2, 1]]), values: [Float64Array.of(0.25, 0.5)] }
    const [assigned] = generalisedAdvantage({ lambda: 1 }).advantages([group])
    expect(flat(assigned!.advantages)).toEqual([0.75, 0.5])
    expect([...assigned!.returns![0]!]).toEqual([1, 1])
    expect(() => generalisedAdvantage().advantages([groupOf([[2, 1]])])).toThrow('the samples of task x have no values')
  })

  it('whitened has mean 0 and variance 1 over the batch’s tokens, and the same targets', () => {
    const group = { ...groupOf([[2, 1], [3, 0]]), values: [new Float64Array(2), new Float64Array(3)] } // prettier-ignore
    const [assigned] = generalisedAdvantage({ whiten: true, lambda: 1 }).advantages([group])
    const values = flat(assigned!.advantages)
    expect(values.reduce((a, b) => a + b)).toBeCloseTo(0, 12)
    expect(values.reduce((sum, a) => sum + a * a, 0) / values.length).toBeCloseTo(1, 12)
    expect(assigned!.returns!.map((returns) => [...returns])).toEqual([[1, 1], [0, 0, 0]]) // prettier-ignore
  })

  it('says that it is exact where nothing but returns minus values is left', () => {
    expect(generalisedAdvantage().bias(1)).toEqual({ kind: 'exact' })
    for (const options of [{ lambda: 0.95 }, { gamma: 0.99 }, { whiten: true }]) {
      expect(generalisedAdvantage(options).bias(1).kind).toBe('direction-changing')
    }
    expect(() => generalisedAdvantage({ lambda: 2 })).toThrow('lambda must be a finite number from 0 to 1, but is 2')
  })
})
