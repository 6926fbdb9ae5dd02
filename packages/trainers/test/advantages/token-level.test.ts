import type { Sample, ScoredOutcome } from '@posttrain/core'
import {
  generalisedAdvantage,
  generalisedAdvantages,
  whitenedReturns,
  type Advantage,
  type JudgedGroup,
} from '@posttrain/trainers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const sample = (length: number): Sample => ({
  taskId: 'x',
  index: 0,
  seed: 0,
  text: '',
  tokens: new Array<number>(length).fill(0),
  finish: 'stop',
  usage: { promptTokens: 1, completionTokens: length },
})
const group = (members: readonly (readonly [length: number, reward: number])[]): JudgedGroup => ({
  task: { id: 'x', prompt: 'x' },
  samples: members.map(([length]) => sample(length)),
  outcomes: members.map(([, reward]): ScoredOutcome => ({ kind: 'scored', reward })),
})
const flat = (advantages: readonly Advantage[]): number[] => advantages.flatMap((a) => [...(a as Float64Array)])

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

  it('gives the critic advantage plus value to learn, and refuses groups without values', () => {
    const judged = { ...group([[2, 1]]), values: [Float64Array.of(0.25, 0.5)] }
    const [assigned] = generalisedAdvantage({ lambda: 1 }).assign([judged])
    expect(flat(assigned!.advantages)).toEqual([0.75, 0.5])
    expect([...assigned!.returns![0]!]).toEqual([1, 1])
    expect(() => generalisedAdvantage().assign([group([[2, 1]])])).toThrow('the samples of task x have no values')
  })

  it('whitened has mean 0 and variance 1 over the batch’s tokens, before its 1/n', () => {
    const judged = { ...group([[2, 1], [3, 0]]), values: [new Float64Array(2), new Float64Array(3)] } // prettier-ignore
    const [assigned] = generalisedAdvantage({ whiten: true, lambda: 1 }).assign([judged])
    const values = flat(assigned!.advantages).map((a) => 2 * a)
    expect(values.reduce((a, b) => a + b)).toBeCloseTo(0, 12)
    expect(values.reduce((sum, a) => sum + a * a, 0) / values.length).toBeCloseTo(1, 12)
  })
})

describe('whitenedReturns', () => {
  it('looks at all groups together', () => {
    const rule = whitenedReturns()
    const groups = [group([[1, 1], [2, 1]]), group([[3, 0], [2, 0]])] // prettier-ignore
    const assigned = rule.assign(groups)
    const values = assigned.flatMap(({ advantages }) => flat(advantages)).map((a) => 2 * a)
    expect(values.reduce((a, b) => a + b)).toBeCloseTo(0, 12)
    expect(values.reduce((sum, a) => sum + a * a, 0) / 8).toBeCloseTo(1, 12)
    // Each group alone is constant, and would say nothing.
    expect(flat(rule.assign([groups[0]!])[0]!.advantages)).toEqual([0, 0, 0])
  })

  it('discounts, and pays penalties by token', () => {
    const judged: JudgedGroup = { ...group([[2, 1], [2, 0]]), tokenRewards: [Float64Array.of(-1, 0), Float64Array.of(0, 0)] } // prettier-ignore
    const [assigned] = whitenedReturns({ gamma: 0.5 }).assign([judged])
    // returns: (−1 + 0.5·1, 1), (0, 0): mean 0.125, variance 0.296875
    const expected = [-0.5, 1, 0, 0].map((x) => (x - 0.125) / Math.sqrt(0.296875) / 2)
    flat(assigned!.advantages).forEach((a, t) => expect(a).toBeCloseTo(expected[t]!, 12))
  })

  it('above the group mean takes prompts’ difficulty out first', () => {
    const groups = [group([[1, 1], [1, 1]]), group([[1, 0], [1, 1]])] // prettier-ignore
    const assigned = whitenedReturns({ groupBaseline: true }).assign(groups)
    expect(flat(assigned[0]!.advantages)).toEqual([0, 0])
    expect(flat(assigned[1]!.advantages).map(Math.sign)).toEqual([-1, 1])
  })
})
