import { parseJSON } from '@posttrain/text'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const parse = (text: string): unknown => parseJSON('the file', text, z.unknown())

describe('JSON', () => {
  it('of any value is that value', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2), (json, indent) => {
        const value: unknown = JSON.parse(json)
        expect(parse(JSON.stringify(value, null, indent))).toEqual(value)
      }),
    )
  })

  it('has no name twice in an object', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), fc.jsonValue(), (name, first, second) => {
        const entries = [first, second].map((value) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
        expect(() => parse(`[0,{${entries.join(', ')}}]`)).toThrow(/^the file has .* twice in one object$/)
        expect(parse(`[{${entries[0]!}},{${entries[1]!}}]`)).toHaveLength(2)
      }),
    )
    expect(() => parse('{"a":{"b":"}","c":[{"b":1}]},"\\u0061":2}')).toThrow('the file has "a" twice in one object')
    expect(parse('{"a":"a","b":["a","a"],"c":{"a":"\\\\\\""}}')).toEqual({ a: 'a', b: ['a', 'a'], c: { a: '\\"' } })
  })

  it('is not nested deeper than it can be written', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(JSON.stringify(parse(nested(128)))).toBe(nested(128))
    for (const depth of [129, 200_000]) {
      expect(() => parse(nested(depth))).toThrow('the file is nested deeper than 128 levels')
    }
  })
})
