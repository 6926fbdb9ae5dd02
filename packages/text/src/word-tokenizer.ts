import { invalidArgument, invalidData } from '@posttrain/core'
import type { Tokenizer } from './tokenizer.js'

/**
 * A tokenizer over a closed vocabulary: one token per word, words separated by single spaces. A text that continues
 * another may begin with the space between the two, and one that is continued may end with it.
 *
 * @param words distinct and free of spaces; a word's token is its position
 * @param end the word that ends a completion; it stays part of the text
 * @throws PosttrainError `invalid-argument` for a duplicate, an empty word, or an end that is not a word
 * @example
 * ```ts
 * const tokenizer = wordTokenizer(['a', 'b', '.'], '.')
 * tokenizer.encode('b a') // => [1, 0]
 * tokenizer.encode(' .') // => [2]
 * ```
 */
export function wordTokenizer(words: readonly string[], end?: string): Tokenizer {
  const tokens = new Map<string, number>()
  words.forEach((word, token) => {
    if (word === '' || word.includes(' ')) {
      throw invalidArgument(`words[${token}] is ${JSON.stringify(word)}: a word is not empty and has no space`)
    }
    if (tokens.has(word)) throw invalidArgument(`words[${token}] repeats ${JSON.stringify(word)}`)
    tokens.set(word, token)
  })
  if (end !== undefined && !tokens.has(end)) throw invalidArgument(`end is ${JSON.stringify(end)}, which is not a word`)

  const tokenOf = (word: string, position: number, text: string): number => {
    const token = tokens.get(word)
    if (token !== undefined) return token
    throw invalidData(
      `word ${position} of ${JSON.stringify(text)} is ${JSON.stringify(word)}, which is not in the vocabulary`,
      `the vocabulary is ${words.join(' ')}`,
    )
  }
  const wordOf = (token: number): string => {
    const word = words[token]
    if (word !== undefined) return word
    throw invalidArgument(`token ${token} is not in the vocabulary of ${words.length} words`)
  }
  const encode = (text: string): number[] => {
    const within = text.replace(/^ | $/g, '')
    return within === '' ? [] : within.split(' ').map((word, position) => tokenOf(word, position, text))
  }
  return {
    vocabulary: words.length,
    endToken: end === undefined ? undefined : tokens.get(end),
    encode,
    encodePrompt: encode,
    decode: (ids) => ids.map(wordOf).join(' '),
    toJSON: () => ({ kind: 'words', words, end }),
  }
}
