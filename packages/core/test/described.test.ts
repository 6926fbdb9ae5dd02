import { described } from '@posttrain/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('described', () => {
  it.each<[unknown, string]>([
    [NaN, 'NaN'],
    ['3', '"3"'],
    [3n, '3n'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol('x'), 'a symbol'],
    [() => 1, 'a function'],
    [new Array(3), 'a list of 3'],
    [new Uint8Array(2), 'a Uint8Array'],
    [Promise.resolve(), 'a promise'],
    [Object.create(null), 'an object'],
  ])('%o', (value, text) => {
    expect(described(value)).toBe(text)
  })

  it('is total, short and of one line', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true }), (value) => {
        expect(described(value)).toMatch(/^[^\p{Cc}]{1,700}$/u)
      }),
    )
  })
})
