import { invalidArgument, invalidData } from '@posttrain/core'

/** Text to tokens and back. */
export interface Tokenizer {
  /** Number of tokens. */
  readonly vocabulary: number
  /** The token that ends a completion, if the model has one. */
  readonly endToken: number | undefined
  /** Tokens of a text that continues another. @throws PosttrainError `invalid-data` for text outside the vocabulary. */
  encode(text: string): number[]
  /** Tokens of a text that a sequence begins with: as `encode`, after the start token if the model has one. */
  encodePrompt(text: string): number[]
  /** @throws PosttrainError `invalid-argument` for a token outside the vocabulary */
  decode(tokens: readonly number[]): string
  /** A description from which `tokenizerFromJSON` makes the same tokenizer again. */
  toJSON(): TokenizerDescription
}

/** What a checkpoint keeps of a tokenizer. */
export type TokenizerDescription = WordTokenizerDescription | HuggingFaceTokenizerDescription

/** A closed vocabulary of words separated by single spaces. */
export interface WordTokenizerDescription {
  readonly kind: 'words'
  readonly words: readonly string[]
  readonly end?: string
}

/** The contents of a Hugging Face folder's tokenizer files. */
export interface HuggingFaceTokenizerDescription {
  readonly kind: 'hugging-face'
  /** `tokenizer.json`, parsed. */
  readonly tokenizer: Readonly<Record<string, unknown>>
  /** `tokenizer_config.json`, parsed. */
  readonly config: Readonly<Record<string, unknown>>
  readonly vocabulary: number
  readonly endToken?: number
}

/**
 * A tokenizer over a closed vocabulary: one token per word, words separated by single spaces.
 *
 * @param words distinct and free of spaces; a word's token is its position
 * @param end the word that ends a completion; it stays part of the text
 * @throws PosttrainError `invalid-argument` for a duplicate, an empty word, or an end that is no word
 * @example
 * ```ts
 * const tokenizer = wordTokenizer(['a', 'b', '.'], '.')
 * tokenizer.encode('b a .') // => [1, 0, 2]
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
  if (end !== undefined && !tokens.has(end)) throw invalidArgument(`end is ${JSON.stringify(end)}, which is no word`)

  const encode = (text: string): number[] =>
    text === ''
      ? []
      : text.split(' ').map((word, position) => {
          const token = tokens.get(word)
          if (token === undefined) {
            throw invalidData(
              `word ${position} of ${JSON.stringify(text)} is ${JSON.stringify(word)}, which is not in the vocabulary`,
              `the vocabulary is ${words.join(' ')}`,
            )
          }
          return token
        })
  return {
    vocabulary: words.length,
    endToken: end === undefined ? undefined : tokens.get(end),
    encode,
    encodePrompt: encode,
    decode: (ids) =>
      ids
        .map((id) => {
          const word = words[id]
          if (word === undefined) throw invalidArgument(`token ${id} is not in the vocabulary of ${words.length} words`)
          return word
        })
        .join(' '),
    toJSON: () => ({ kind: 'words', words, ...(end === undefined ? {} : { end }) }),
  }
}
