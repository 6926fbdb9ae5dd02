import { huggingFaceTokenizer, tokenizerFromJSON } from '@posttrain/text'
import { describe, expect, it } from 'vitest'
import { families, filesOf, openTokenizer, tokenizerGolden } from './support/golden.js'

describe.each(families)('the tokenizer of %s', (family) => {
  const open = (): ReturnType<typeof huggingFaceTokenizer> => openTokenizer(family)

  it.each(tokenizerGolden[family])(
    'encodes and decodes as in Python: $text',
    ({ text, encode, encodePrompt, decode }) => {
      const tokenizer = open()
      for (const one of [tokenizer, tokenizerFromJSON(JSON.stringify(tokenizer))]) {
        expect(one.encode(text)).toEqual(encode)
        expect(one.encodePrompt(text)).toEqual(encodePrompt)
        expect(one.decode(encode)).toBe(decode)
      }
    },
  )

  it('knows its end and its size', () => {
    const tokenizer = open()
    expect(tokenizer.endToken).toBe(0)
    expect(tokenizer.vocabulary).toBe(320)
    expect(tokenizerFromJSON(JSON.stringify(tokenizer)).toJSON()).toEqual(tokenizer.toJSON())
  })
})

describe('a tokenizer that does not fit', () => {
  const { tokenizer } = filesOf('gpt2')
  it('is refused', () => {
    expect(() => huggingFaceTokenizer({ tokenizer, vocabulary: 300 })).toThrow(
      'vocabulary must be an integer of at least 320',
    )
    expect(() => huggingFaceTokenizer({ tokenizer, endToken: 320 })).toThrow(
      'endToken must be an integer from 0 to 319',
    )
    expect(() => huggingFaceTokenizer({ tokenizer: 'x' })).toThrow('tokenizer.json is not JSON')
    expect(() => tokenizerFromJSON('{"kind":"bytes"}')).toThrow('the tokenizer is malformed')
  })

  it('may have fewer tokens than the model, which then stand for no text', () => {
    const wide = huggingFaceTokenizer({ tokenizer, vocabulary: 384 })
    const four = wide.encode('Four')
    expect(wide.decode([383, ...four, 320])).toBe('Four')
    expect(() => wide.decode([384])).toThrow('token 384 is not in the vocabulary of 384 tokens')
  })
})
