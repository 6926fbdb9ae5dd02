import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { singleLine, textWidth } from '../src/text-width.js'

describe('textWidth', () => {
  it.each([
    ['pass@8', 6],
    ['−18.1', 5],
    ['e\u0301', 1],
    ['日本語', 6],
    ['👍🏽', 2],
    ['', 0],
  ])('of %j is %d', (text, width) => expect(textWidth(text)).toBe(width))
})

describe('singleLine', () => {
  it('leaves no character that could move a cursor, colour a terminal or reverse the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(singleLine(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
      }),
    )
  })

  it('keeps ordinary text', () => {
    expect(singleLine('(4 × 6) − π')).toBe('(4 × 6) − π')
    expect(singleLine('a\r\nb\tc')).toBe('a⏎b␉c')
  })
})
