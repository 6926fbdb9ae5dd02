import { describe, expect, it } from 'vitest'
import { referenceText } from '../src/reference-text.js'

describe('referenceText', () => {
  it.each([
    ['a', 'a'],
    ['', ''],
    [-0.5, '-0.5'],
    [2 ** 53 - 1, '9007199254740991'],
    [['a', 'b'], 'a\nb'],
    [[], '[]'],
    [['a', 1], '["a",1]'],
    [{ inputs: ['1'] }, '{"inputs":["1"]}'],
    [null, undefined],
    [undefined, undefined],
    [true, undefined],
  ])('of %j is %j', (value, text) => {
    expect(referenceText(value)).toBe(text)
  })

  it.each([2 ** 53, -(2 ** 60), 1e300, Infinity, NaN])('refuses %d, which may have been rounded', (value) => {
    expect(() => referenceText(value)).toThrow(`the reference ${value} is a number that may have been rounded`)
  })
})
