import type { Message, Piece } from '@posttrain/core'
import { BegunCompletion, findStop, jinjaTemplate, wordTokenizer } from '@posttrain/text'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { families, openTokenizer, templateSource } from './support/golden.js'

const words = wordTokenizer(['user', 'tool', 'model', 'a', 'b', ';', '.'], '.')
const template = jinjaTemplate('{% for m in messages %}{{ m.role }} {{ m.content }} . {% endfor %}model')
const begin = (...pieces: readonly Piece[]): BegunCompletion =>
  new BegunCompletion({ tokenizer: words, template }, { prompt: 'a', pieces })
const tool: Message = { role: 'tool', content: 'b' }
const [a, b, semicolon, end] = [3, 4, 5, 6]

describe('a completion with nothing before it', () => {
  it('has the text of what was drawn', () => {
    expect(begin().tokens).toEqual([])
    expect(begin().finish([a, b, end])).toEqual({ text: 'a b .', textEnds: [1, 3, 5], stoppedBy: undefined })
    expect(begin().finish([])).toEqual({ text: '', textEnds: [], stoppedBy: undefined })
  })

  it('ends before the stop text that begins first, of those at one place the longest', () => {
    const stop = ['b', 'b ;', ';']
    expect(begin().finish([a, b, semicolon, a], stop)).toEqual({ text: 'a ', textEnds: [1, 2, 2, 2], stoppedBy: 'b ;' })
    const seen = begin().watch(['b ;', '.'])
    expect([a, b, semicolon].map(seen)).toEqual([false, false, true])
    expect(begin().watch()(a)).toBe(false)
    expect(findStop('ab', ['c'])).toBeUndefined()
  })
})

describe('a completion that goes on', () => {
  it('begins with what was said, encoded or given', () => {
    for (const piece of [{ text: 'a b' }, { text: 'a b', tokens: [a, b] }]) {
      const begun = begin(piece, { text: ' a' })
      expect(begun.tokens).toEqual([a, b, a])
      expect(begun.finish([b, end])).toEqual({ text: 'a b a b .', textEnds: [1, 3, 5, 7, 9], stoppedBy: undefined })
    }
  })

  it('looks for stop texts in what is drawn alone', () => {
    const begun = begin({ text: 'a ; b' })
    const seen = begun.watch([';', 'b ;'])
    expect([a, semicolon].map(seen)).toEqual([false, true])
    expect(begun.finish([a, semicolon], [';', 'b ;'])).toEqual({
      text: 'a ; b a ',
      textEnds: [1, 3, 5, 7, 8],
      stoppedBy: ';',
    })
  })

  it('counts the text of messages with their last token, and decodes each turn by itself', () => {
    const begun = begin({ text: 'a' }, tool, { text: 'b' })
    expect(words.decode(begun.tokens)).toBe('a . tool b . model b')
    const { text, textEnds } = begun.finish([a, end])
    expect(text).toBe('a' + 'b' + 'b a .')
    expect(textEnds).toEqual([1, 1, 1, 1, 1, 2, 3, 5, 7])
  })

  it('has ended where its last turn has', () => {
    expect(begin().isEnded).toBe(false)
    expect(begin({ text: 'a .' }).isEnded).toBe(true)
    expect(begin({ text: 'a .' }, tool).isEnded).toBe(false)
    expect(begin({ text: 'a .' }, { text: ' a' }).isEnded).toBe(false)
  })

  it('continues exactly what a stop text ended', () => {
    // Of a sample with the text 'a ' that ';' stopped; its last token may say more than the stop text.
    const begun = begin({ text: 'a ;', tokens: [a, semicolon] })
    expect(begun.finish([b]).text).toBe('a ; b')
    const cut = begin({ text: 'a ', tokens: [a, semicolon] })
    expect(cut.finish([b]).textEnds).toEqual([1, 2, 4])
  })

  it('cannot tell where the text of a piece grew that its tokens do not say', () => {
    const begun = begin({ text: 'a b', tokens: [a, 1, b, 2, b] })
    expect(begun.finish([a])).toEqual({ text: 'a b a', textEnds: undefined, stoppedBy: undefined })
  })
})

describe.each(families)('with the tokenizer of %s', (family) => {
  const tokenizer = openTokenizer(family)
  const codec = { tokenizer, template: jinjaTemplate(templateSource('chatml')) }
  const graphemes = fc.string({ unit: 'grapheme', maxLength: 10 })

  it('a text cut between any two tokens is the same text, and so are its ends', () => {
    fc.assert(
      fc.property(graphemes, fc.nat(30), fc.nat(30), (text, i, j) => {
        const tokens = tokenizer.encode(text)
        const [first, second] = [Math.min(i, j), Math.max(i, j)].map((cut) => Math.min(cut, tokens.length)) as [
          number,
          number,
        ]
        const whole = new BegunCompletion(codec, { prompt: '', pieces: [] }).finish(tokens)
        expect(whole.text).toBe(tokenizer.decode(tokens))
        // A beginning as a sample is continued: its text may end with bytes that are not yet a character.
        const beginning = { text: tokenizer.decode(tokens.slice(0, first)), tokens: tokens.slice(0, first) }
        const drawn = new BegunCompletion(codec, { prompt: '', pieces: [beginning] }).finish(
          tokens.slice(first, second),
        )
        const again = { text: drawn.text, tokens: tokens.slice(0, second) }
        const rest = new BegunCompletion(codec, { prompt: '', pieces: [again] }).finish(tokens.slice(second))
        expect(rest.text).toBe(whole.text)
        expect(rest.textEnds).toHaveLength(tokens.length)
        rest.textEnds!.forEach((end, t) => {
          // The last token of a piece counts all of the piece's text, even bytes that are not yet a character.
          if (t !== first - 1 && t !== second - 1) expect(end).toBe(whole.textEnds![t])
          if (t > 0) expect(end).toBeGreaterThanOrEqual(rest.textEnds![t - 1]!)
        })
      }),
    )
  })

  it('a piece that says nothing is nothing', () => {
    expect(tokenizer.encode('')).toEqual([])
  })

  it('a character across the seam appears once', () => {
    const tokens = tokenizer.encode('a字b')
    const cut = tokens.findIndex((_, t) => tokenizer.decode(tokens.slice(0, t + 1)).includes('\ufffd')) + 1
    expect(cut).toBeGreaterThan(0)
    const text = tokenizer.decode(tokens.slice(0, cut))
    expect(text).toBe('a\ufffd')
    const begun = new BegunCompletion(codec, { prompt: '', pieces: [{ text, tokens: tokens.slice(0, cut) }] })
    expect(begun.finish(tokens.slice(cut)).text).toBe('a字b')
    expect(begun.finish(tokens.slice(cut)).textEnds!.at(-1)).toBe(3)
  })

  it('the turns of a conversation are decoded one by one', () => {
    const pieces: readonly Piece[] = [{ text: 'Größe' }, { role: 'tool', content: '字' }, { text: 'It' }]
    const drawn = [...tokenizer.encode(' is 24.'), tokenizer.endToken!]
    const { text, textEnds } = new BegunCompletion(codec, { prompt: 'Go', pieces }).finish(drawn)
    expect(text).toBe('Größe字It is 24.')
    expect(textEnds!.slice(-drawn.length)).toEqual([
      ...drawn.slice(0, -1).map((_, t) => 8 + tokenizer.decode(drawn.slice(0, t + 1)).length),
      15,
    ])
  })
})
