import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyOperator, equalRationals, formatRational, parseRational, rational } from '@posttrain/rewards'

const fraction = fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: 1, max: 99 }))
const toRational = ([n, d]: [number, number]) => rational(BigInt(n), BigInt(d))

describe('rational', () => {
  it('is in lowest terms with a positive denominator', () => {
    expect(rational(6n, -4n)).toEqual({ numerator: -3n, denominator: 2n })
    expect(rational(0n, -7n)).toEqual({ numerator: 0n, denominator: 1n })
    expect(() => rational(1n, 0n)).toThrow('denominator must not be 0')
  })

  it('obeys the laws of a field', () => {
    fc.assert(
      fc.property(fraction, fraction, fraction, (p, q, r) => {
        const [a, b, c] = [toRational(p), toRational(q), toRational(r)]
        const apply = (o: '+' | '-' | '*' | '/', x = a, y = b) => applyOperator(o, x, y)!
        expect(apply('+', apply('-'), b)).toEqual(a)
        expect(apply('*', c, apply('+'))).toEqual(apply('+', apply('*', c, a), apply('*', c, b)))
        expect(apply('+', b, a)).toEqual(apply('+'))
        if (b.numerator !== 0n) expect(apply('*', apply('/'), b)).toEqual(a)
        else expect(applyOperator('/', a, b)).toBeUndefined()
      }),
    )
  })

  it('is read and written exactly', () => {
    fc.assert(fc.property(fraction, (p) => equalRationals(parseRational(formatRational(toRational(p))), toRational(p))))
    expect(parseRational('-1.25')).toEqual(rational(-5n, 4n))
    expect(parseRational('0.1')).toEqual(rational(1n, 10n))
    for (const text of ['', '1/0', '1.', '.5', '1/-2', '1e3', '1.5/2', ' 1']) {
      expect(() => parseRational(text), text).toThrow('is not a number')
    }
  })
})
