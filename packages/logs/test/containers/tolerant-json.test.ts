import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTolerantJson } from '../../src/containers/tolerant-json.js'

describe('parseTolerantJson', () => {
  it('reads what JSON.parse reads, as it does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'medium' }), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const long = JSON.stringify({ long: 'NaN 1234567890123456', value: [value] }, null, indent)
        expect(parseTolerantJson(text)).toEqual(JSON.parse(text))
        expect(parseTolerantJson(long)).toEqual(JSON.parse(long))
      }),
    )
  })

  it('reads NaN as null and infinities as themselves, wherever Python writes them', () => {
    expect(parseTolerantJson('[NaN, {"a":NaN,"b" : -Infinity},Infinity]')).toEqual([
      null,
      { a: null, b: -Infinity },
      Infinity,
    ])
    expect(parseTolerantJson('NaN')).toBeNull()
  })

  it('leaves strings as they are', () => {
    const value = { 'NaN, "Infinity"': ['NaN', '\\', '\\"NaN', ', 12345678901234567890', '\u2028'], n: '-Infinity\\\\' }
    expect(parseTolerantJson(JSON.stringify(value))).toEqual(value)
    expect(parseTolerantJson('["\\\\", NaN, "\\\\\\"", NaN]')).toEqual(['\\', null, '\\"', null])
  })

  it('keeps the digits of whole numbers that a double would round', () => {
    expect(parseTolerantJson('{"a":9007199254740993,"b":[-1750000000000000001 ],"c":9007199254740991}')).toEqual({
      a: '9007199254740993',
      b: ['-1750000000000000001'],
      c: 9007199254740991,
    })
    expect(parseTolerantJson('12345678901234567890')).toBe('12345678901234567890')
    const other = '[0.12345678901234567890, 12345678901234567890.5, 1234567890123456789e2]'
    expect(parseTolerantJson(other)).toEqual(JSON.parse(other))
    const exact = '[9007199254740992, 100000000000000000000, -0]'
    expect(parseTolerantJson(exact)).toEqual(JSON.parse(exact))
  })

  it.each(['{"a":NaNs}', '{NaN:1}', '[-NaN]', '[1NaN]', '["NaN]', '[0012345678901234567890]', '[NaN', 'nan', ''])(
    'refuses %s as JSON.parse refuses what is not JSON',
    (text) => {
      expect(() => parseTolerantJson(text)).toThrow(SyntaxError)
    },
  )

  it('reads lists within lists, 100,000 deep, and texts of a million letters', () => {
    const nested = `[NaN,${'['.repeat(1e5)}${']'.repeat(1e5)}]`
    expect(parseTolerantJson(nested)).toHaveLength(2)
    const letters = `${'\\\\'.repeat(5e5)}NaN`
    expect(parseTolerantJson(`["${letters}",NaN]`)).toEqual([JSON.parse(`"${letters}"`), null])
  })
})
