import { describe, expect, it } from 'vitest'
import { PosttrainError, quoted, shown, visible } from '../src/index.js'

/** Every character that may steer a terminal, turn a line around or hide, by its code point. */
const UNSEEN = [
  ...Array.from({ length: 0x20 }, (_, code) => code), // C0
  ...Array.from({ length: 0x21 }, (_, i) => 0x7f + i), // DEL and C1, CSI among them
  ...[0xad, 0x34f, 0x61c, 0x180e, 0x115f, 0x3164, 0xfeff, 0xfff9, 0xfffb], // hyphens, joiners and fillers
  ...Array.from({ length: 5 }, (_, i) => 0x200b + i), // zero width, left-to-right and right-to-left marks
  ...Array.from({ length: 7 }, (_, i) => 0x2028 + i), // line separators, embeddings and overrides
  ...Array.from({ length: 16 }, (_, i) => 0x2060 + i), // joiners, isolates
  ...[0xd800, 0xdbff, 0xdc00, 0xdfff], // halves
  ...[0xe0001, 0xe0041, 0xe007f], // tags
]

describe('visible', () => {
  it.each(UNSEEN)('writes code point %i as its number', (code) => {
    const character = String.fromCodePoint(code)
    for (const write of [visible, shown, quoted]) {
      const text = write(`a${character}b`)
      expect(text).not.toContain(character)
      expect(text).toMatch(/^"?a\\(u[0-9a-f]{4}|u\{[0-9a-f]{5,6}\}|[bfnrt])b"?$/)
    }
  })

  it('leaves what can be seen as it is', () => {
    for (const text of ['plain', 'Füße', '日本語', 'שלום', '😀', 'a  b', '\\u009b', '≥ ½'])
      expect(visible(text)).toBe(text)
  })

  it('makes every message of an error one visible line, with its hint, and loses nothing', () => {
    const { message, hint } = new PosttrainError('invalid-data', 'a\u009b31m\nb', 'c\u202ed')
    expect(message).toBe('a\\u009b31m\\nb')
    expect(hint).toBe('c\\u202ed')
    expect(new PosttrainError('invalid-data', 'x'.repeat(10_000)).message).toHaveLength(10_000)
  })
})

describe('shown and quoted', () => {
  it('show the beginning, the end and the length of a long text', () => {
    const long = `begin${'-'.repeat(1_000_000)}end`
    expect(shown(long, 12)).toBe('begin--- … -end (1000008 characters)')
    expect(quoted(long, 12)).toBe('"begin--- … -end" (1000008 characters)')
    expect(quoted(long).length).toBeLessThan(120)
  })

  it('show what is just short enough whole', () => {
    expect(shown('x'.repeat(80))).toBe('x'.repeat(80))
    expect(quoted('a"b\\')).toBe('"a\\"b\\\\"')
  })
})
