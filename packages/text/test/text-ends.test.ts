import { TextReader, textEnds, wordTokenizer, type Tokenizer } from '@posttrain/text'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { families, openTokenizer, tokenizerGolden } from './support/golden.js'

/** The definition, by decoding everything read so far for each token. */
const endsByDefinition = (tokenizer: Tokenizer, tokens: readonly number[]): number[] => {
  const ends = tokens.map((_, t) => tokenizer.decode(tokens.slice(0, t + 1)).replace(/\ufffd+$/, '').length)
  return ends.map((_, t) =>
    t === tokens.length - 1 ? tokenizer.decode(tokens).length : Math.max(...ends.slice(0, t + 1)),
  )
}

describe('textEnds', () => {
  it('counts words and the spaces between them', () => {
    const tokenizer = wordTokenizer(['one', 'two', '.'], '.')
    expect(textEnds(tokenizer, [])).toEqual([])
    expect(textEnds(tokenizer, [1, 0, 2])).toEqual([3, 7, 9])
  })

  it('decodes a few tokens for each, however long the text', () => {
    const tokenizer = openTokenizer('gpt2')
    let decoded = 0
    const counting = { decode: (tokens: readonly number[]) => ((decoded += tokens.length), tokenizer.decode(tokens)) }
    const tokens = tokenizer.encode('Größe, naïve, 数字, Ответ: 24. '.repeat(50))
    expect(textEnds(counting, tokens)).toEqual(endsByDefinition(tokenizer, tokens))
    expect(decoded / tokens.length).toBeLessThan(8)
  })
})

describe.each(families)('textEnds with the tokenizer of %s', (family) => {
  const tokenizer = openTokenizer(family)

  it.each(tokenizerGolden[family])('grows by whole characters: $text', ({ encode, decode }) => {
    const ends = textEnds(tokenizer, encode)
    expect(ends).toEqual(endsByDefinition(tokenizer, encode))
    expect(ends.at(-1) ?? 0).toBe(decode.length)
    ends.forEach((end, t) => {
      // A prefix of the text, never cut within a pair of UTF-16 units.
      expect(decode.slice(0, end)).not.toMatch(/[\ud800-\udbff]$/)
      expect(tokenizer.decode(encode.slice(0, t + 1)).startsWith(decode.slice(0, end))).toBe(true)
    })
  })

  it('is what its definition says for any tokens, characters or not', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(tokenizer.vocabulary - 1)), (tokens) => {
        expect(textEnds(tokenizer, tokens)).toEqual(endsByDefinition(tokenizer, tokens))
      }),
      { numRuns: 300 },
    )
  })

  it('has a reader whose text and context can be cut anywhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.nat(40), (text, cut) => {
        const tokens = tokenizer.encode(text)
        const first = new TextReader(tokenizer)
        tokens.slice(0, cut).forEach((token) => first.read(token))
        const second = first.continued()
        tokens.slice(cut).forEach((token) => second.read(token))
        // A replacement character at the end is given out only with what follows it.
        expect(first.text + second.text).toBe(tokenizer.decode(tokens).replace(/\ufffd+$/, ''))
      }),
    )
  })
})
