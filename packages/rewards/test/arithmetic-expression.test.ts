import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  evaluateExpression,
  formatExpression,
  formatRational,
  numbersOfExpression,
  orderOperands,
  parseExpression,
  type Expression,
} from '@posttrain/rewards'
import { arbitraryExpression } from './arbitrary-expression.js'

/** Arithmetic modulo a prime: exact, and shares nothing with fractions. Undefined for a division by 0 mod p. */
const prime = 1_000_003n
const modulo = (a: bigint): bigint => ((a % prime) + prime) % prime
const inverse = (a: bigint): bigint => {
  let [power, result] = [a, 1n]
  for (let e = prime - 2n; e > 0n; e >>= 1n, power = modulo(power * power)) if (e & 1n) result = modulo(result * power)
  return result
}
function evaluateModulo(e: Expression): bigint | undefined {
  if (e.kind === 'number') return modulo(e.value.numerator)
  if (e.kind === 'negation') {
    const value = evaluateModulo(e.operand)
    return value === undefined ? undefined : modulo(-value)
  }
  const [a, b] = [evaluateModulo(e.left), evaluateModulo(e.right)]
  if (a === undefined || b === undefined) return undefined
  if (e.operator === '+') return modulo(a + b)
  if (e.operator === '-') return modulo(a - b)
  if (e.operator === '*') return modulo(a * b)
  return b === 0n ? undefined : modulo(a * inverse(b))
}

const any = arbitraryExpression('+', '-', '*', '/')

describe('evaluateExpression', () => {
  it('agrees with arithmetic modulo a prime', () => {
    fc.assert(
      fc.property(any, (e) => {
        const expected = evaluateModulo(e)
        const value = evaluateExpression(e)
        // A divisor that is 0 modulo the prime alone cannot be told from 0 there.
        fc.pre((expected === undefined) === (value === undefined))
        if (value !== undefined) expect(modulo(value.numerator * inverse(modulo(value.denominator)))).toBe(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('is exact where floating point is not, and has no value for a division by 0', () => {
    const value = (text: string) => evaluateExpression(parseExpression(text))
    expect(formatRational(value('8 / (3 - 8 / 3)')!)).toBe('24')
    expect(formatRational(value('1.1 + 2.2 - 3.3')!)).toBe('0')
    expect(value('1 / (3 - 9 / 3)')).toBeUndefined()
  })
})

describe('formatExpression', () => {
  it('is read back with the same value, numbers and text', () => {
    fc.assert(
      fc.property(any, (e) => {
        const text = formatExpression(e)
        const again = parseExpression(text)
        expect(formatExpression(again)).toBe(text)
        expect(evaluateExpression(again)).toEqual(evaluateExpression(e))
        expect(numbersOfExpression(again)).toEqual(numbersOfExpression(e))
      }),
    )
  })
})

describe('orderOperands', () => {
  const key = (text: string) => formatExpression(orderOperands(parseExpression(text)))

  it('gives one form to commuted operands and keeps everything else apart', () => {
    expect(key('6 * (9 - (1 + 4))')).toBe(key('(9 - (4 + 1)) * 6'))
    expect(key('1 + 2 + 3')).not.toBe(key('1 + (2 + 3)'))
    expect(key('6 - 4')).not.toBe(key('4 - 6'))
  })

  it('is idempotent and keeps the value', () => {
    fc.assert(
      fc.property(any, (e) => {
        const once = orderOperands(e)
        expect(orderOperands(once)).toEqual(once)
        expect(evaluateExpression(once)).toEqual(evaluateExpression(e))
      }),
    )
  })
})
