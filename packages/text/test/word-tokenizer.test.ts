import { tokenizerFromJSON, wordTokenizer } from '@posttrain/text'
import { describe, expect, it } from 'vitest'

describe('wordTokenizer', () => {
  const tokenizer = wordTokenizer(['a', 'b', '.'], '.')

  it('has a token per word', () => {
    expect(tokenizer.encode('b a .')).toEqual([1, 0, 2])
    expect(tokenizer.encodePrompt('b')).toEqual([1])
    expect(tokenizer.encode('')).toEqual([])
    expect(tokenizer.decode([1, 0, 2])).toBe('b a .')
    expect(tokenizer.endToken).toBe(2)
  })

  it('continues a text after the space between words, and leaves one that is continued its space', () => {
    for (const text of ['b a', ' b a', 'b a ', ' b a ']) expect(tokenizer.encode(text)).toEqual([1, 0])
    expect(tokenizer.encode(' ')).toEqual([])
    expect(() => tokenizer.encode('  b')).toThrow('word 0 of "  b" is "", which is not in the vocabulary')
  })

  it('comes back from its description', () => {
    for (const one of [tokenizer, wordTokenizer(['x'])]) {
      expect(tokenizerFromJSON(JSON.stringify(one)).toJSON()).toEqual(one.toJSON())
    }
  })

  it('refuses what it does not know', () => {
    expect(() => tokenizer.encode('a c')).toThrow('word 1 of "a c" is "c", which is not in the vocabulary')
    expect(() => tokenizer.decode([3])).toThrow('token 3 is not in the vocabulary of 3 words')
    expect(() => wordTokenizer(['a', 'a'])).toThrow('words[1] repeats "a"')
    expect(() => wordTokenizer(['a b'])).toThrow('words[0] is "a b"')
    expect(() => wordTokenizer(['a'], 'b')).toThrow('end is "b", which is not a word')
  })
})
