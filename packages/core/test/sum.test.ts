import { mean, sum } from '@posttrain/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

/** Any finite double as an integer multiple of 2⁻¹⁰⁷⁴. */
function exact(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  const raw = bits.getBigUint64(0)
  const exponent = Number((raw >> 52n) & 0x7ffn)
  const fraction = raw & 0xfffffffffffffn
  const magnitude = exponent === 0 ? fraction : (fraction | (1n << 52n)) << BigInt(exponent - 1)
  return raw >> 63n ? -magnitude : magnitude
}

const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { maxLength: 200 })

describe('sum', () => {
  it('is within an ulp and a second-order term of the exact sum, in any order', () => {
    fc.assert(
      fc.property(values, (terms) => {
        const total = sum(terms)
        const truth = terms.reduce((all, value) => all + exact(value), 0n)
        const wrong = exact(total) - truth
        const magnitude = terms.reduce((all, value) => all + exact(Math.abs(value)), 0n)
        const size = truth < 0n ? -truth : truth
        const bound = (size >> 52n) + ((magnitude * BigInt(terms.length)) >> 104n) + 1n
        expect(wrong < 0n ? -wrong : wrong).toBeLessThanOrEqual(bound)
      }),
    )
  })

  it('keeps what plain addition loses, and infinities', () => {
    expect(sum([1, 1e100, 1, -1e100])).toBe(2)
    expect(sum(new Array<number>(1e6).fill(0.1))).toBe(100_000)
    expect(sum([])).toBe(0)
    expect(sum([1, Infinity])).toBe(Infinity)
    expect(sum([Infinity, -Infinity])).toBeNaN()
  })
})

describe('mean', () => {
  it('is exactly the common value of equal values: groups of equal reward have no advantage', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 64 }), (value, n) => {
        expect(mean(new Array<number>(n).fill(value)) + 0).toBe(value + 0)
      }),
    )
  })

  it('is that of the values', () => {
    expect(mean([1, 2, 6])).toBe(3)
    expect(mean([])).toBeNaN()
  })
})
