import { isMessage, type Message, type Piece } from '@posttrain/core'
import { encodeCompletion, jinjaTemplate, wordTokenizer } from '@posttrain/text'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { families, openTokenizer, templateGolden, templateSource, tokenizerGolden } from './support/golden.js'

const words = wordTokenizer(['user', 'tool', 'model', 'a', 'b', '.'], '.')
const template = jinjaTemplate('{% for m in messages %}{{ m.role }} {{ m.content }} . {% endfor %}model')
const codec = { tokenizer: words, template }
const encoded = (pieces: readonly Piece[], prompt = 'a'): readonly [string, string, readonly number[]] => {
  const { tokens, mask, ends } = encodeCompletion(codec, { prompt, pieces })
  return [words.decode(tokens), mask.join(''), ends]
}
const tool = (content: string): Message => ({ role: 'tool', content })

describe('encodeCompletion with words', () => {
  it('encodes what is said piece by piece', () => {
    expect(encoded([])).toEqual(['', '', []])
    expect(encoded([{ text: 'a' }, { text: ' b a' }, { text: '' }])).toEqual(['a b a', '111', [1, 3, 3]])
  })

  it('takes tokens as they are, whatever the text says', () => {
    expect(encoded([{ text: 'not in the vocabulary', tokens: [4, 3] }, { text: ' a' }])).toEqual([
      'b a a',
      '111',
      [2, 3],
    ])
  })

  it("ends the model's turn before a message, unless it has ended, and opens a new one", () => {
    expect(encoded([{ text: 'a' }, tool('b'), { text: 'b .' }])).toEqual([
      'a . tool b . model b .',
      '11000011',
      [1, 6, 8],
    ])
    expect(encoded([{ text: 'a .' }, tool('b')])).toEqual(['a . tool b . model', '110000', [2, 6]])
    expect(encoded([tool('b')])).toEqual(['. tool b . model', '10000', [5]])
    const prompt = [tool('a'), { role: 'assistant', content: 'b' } as const]
    expect(words.decode(encodeCompletion(codec, { prompt, pieces: [tool('b')] }).tokens)).toBe('. tool b . model')
  })

  it('renders messages in a row together', () => {
    expect(encoded([{ text: 'a' }, tool('a'), tool('b'), { text: 'b' }])).toEqual([
      'a . tool a . tool b . model b',
      '110000000' + '1',
      [1, 9, 9, 10],
    ])
  })

  it('masks everything the template writes where the model has no end token', () => {
    const tokenizer = wordTokenizer(['tool', 'model', 'a', '.'])
    const ending = jinjaTemplate('{% for m in messages %}{{ m.content }} . {{ m.role }} {% endfor %}model')
    const { tokens, mask } = encodeCompletion(
      {
        tokenizer: { ...tokenizer, encode: (text) => tokenizer.encode(text.replaceAll('assistant', 'model')) },
        template: ending,
      },
      { prompt: 'a', pieces: [{ text: 'a' }, tool('a')] },
    )
    expect(tokenizer.decode(tokens)).toBe('a . model a . tool model')
    expect(mask.join('')).toBe('1000000')
  })

  it('says what cannot be encoded', () => {
    const message = [{ text: 'a' }, tool('a')]
    const refused = (one: Parameters<typeof encodeCompletion>[0]) => () =>
      encodeCompletion(one, { prompt: 'a', pieces: message })
    expect(refused({ tokenizer: words })).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: 'a message interrupts the completion, but there is no chat template',
      }),
    )
    const endless = jinjaTemplate('{% for m in messages %}{{ m.role }} {{ m.content }} {% endfor %}model')
    expect(() => encodeCompletion({ tokenizer: words, template: endless }, { prompt: 'a', pieces: message })).toThrow(
      'the chat template ends a turn without the end token 5: it writes " tool a model"',
    )
    const silent = jinjaTemplate("{% for m in messages if m.role != 'assistant' %}{{ m.content }}{% endfor %}")
    expect(refused({ tokenizer: words, template: silent })).toThrow('does not show a turn of the model exactly once')
    expect(() => encoded([{ text: 'c' }])).toThrow('word 0 of "c" is "c", which is not in the vocabulary')
  })
})

describe.each(families)('encodeCompletion with the tokenizer of %s', (family) => {
  const tokenizer = openTokenizer(family)
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(...tokenizerGolden[family].map((row) => row.text)),
  )

  it('concatenates the tokens of pieces', () => {
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        const each = texts.map((one) => tokenizer.encode(one))
        const { tokens, mask, ends } = encodeCompletion(
          { tokenizer },
          { prompt: '', pieces: texts.map((t) => ({ text: t })) },
        )
        expect(tokens).toEqual(each.flat())
        expect(mask).toEqual(new Uint8Array(tokens.length).fill(1))
        expect(ends).toEqual(each.map((_, i) => each.slice(0, i + 1).flat().length))
        // Tokens that are given are never encoded again.
        const given = texts.map((_, i) => ({ text: 'other', tokens: each[i]! }))
        expect(encodeCompletion({ tokenizer }, { prompt: '', pieces: given })).toEqual({
          prompt: '',
          tokens,
          mask,
          ends,
        })
      }),
    )
  })

  it('masks pieces as they are said or not, however messages lie between them', () => {
    const chatml = jinjaTemplate(templateSource('chatml'))
    const said = text.filter((one) => !one.includes('<|end|>')).map((one): Piece => ({ text: one }))
    const message = fc
      .record({ role: fc.constantFrom('user', 'tool'), content: fc.string() })
      .map((m): Piece => m as Message)
    fc.assert(
      fc.property(fc.array(fc.oneof(said, message)), (pieces) => {
        const { tokens, mask, ends } = encodeCompletion({ tokenizer, template: chatml }, { prompt: 'Go', pieces })
        expect(mask).toHaveLength(tokens.length)
        const own: number[] = []
        pieces.forEach((piece, i) => {
          if (!isMessage(piece)) own.push(...tokenizer.encode(piece.text))
          // The end token of a turn is the model's own, and nothing else of what a message brings.
          else if (i === 0 || !isMessage(pieces[i - 1]!)) own.push(tokenizer.endToken!)
          const next = pieces[i + 1]
          if (!isMessage(piece) && next) expect(tokens.slice(0, ends[i]).slice(-1)[0]).not.toBe(tokenizer.endToken)
        })
        expect(tokens.filter((_, t) => mask[t] === 1)).toEqual(own)
        expect(ends.at(-1) ?? 0).toBe(tokens.length)
      }),
    )
  })
})

describe.each(Object.entries(templateGolden))('encodeCompletion with %s', (name, { special, conversations }) => {
  const [family, file] = name.split(' ') as ['gpt2' | 'llama', string]
  it.each(conversations)(
    'has the tokens and the mask of Python: $prompt.0.content',
    ({ prompt, rest, tokens, mask }) => {
      const options = { eosToken: special.eos_token, bosToken: special.bos_token }
      const one = { tokenizer: openTokenizer(family), template: jinjaTemplate(templateSource(file), options) }
      const pieces = rest.map((message): Piece => (message.role === 'assistant' ? { text: message.content } : message))
      const found = encodeCompletion(one, { prompt, pieces })
      expect(found.tokens).toEqual(tokens)
      expect([...found.mask]).toEqual(mask)
    },
  )
})
