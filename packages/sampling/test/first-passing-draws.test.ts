import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstPassingDraws } from '../src/internal/first-passing-draws.js'

/** All orders of so many samples. */
const orders = (n: number): number[][] =>
  n === 0
    ? [[]]
    : orders(n - 1).flatMap((order) =>
        Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
      )

describe('firstPassingDraws', () => {
  it('is how often each sample is drawn over all orders', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 6 }),
        (passes, k) => {
          fc.pre(k <= passes.length)
          const all = orders(passes.length)
          const counts = passes.map(() => 0)
          for (const order of all) {
            const first = order.findIndex((i) => passes[i])
            for (const i of order.slice(0, first < 0 ? k : Math.min(k, first + 1))) counts[i]!++
          }
          const draws = firstPassingDraws(passes, k)
          counts.forEach((count, i) => expect(draws[i]).toBeCloseTo(count / all.length, 12))
        },
      ),
    )
  })

  it('is all of them where none passes, and one of them where all do', () => {
    expect([...firstPassingDraws([false, false, false, false], 2)]).toEqual([0.5, 0.5, 0.5, 0.5])
    expect([...firstPassingDraws([true, true, true, true], 3)]).toEqual([0.25, 0.25, 0.25, 0.25])
  })
})
