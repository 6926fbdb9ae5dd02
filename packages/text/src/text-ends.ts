import { TextReader } from './text-reader.js'
import type { Tokenizer } from './tokenizer.js'

/**
 * For each token, how long the decoded text is once that token has been read. A character whose bytes are split over
 * tokens counts from the last of them on.
 *
 * @param tokens (tokens)
 * @returns (tokens), in UTF-16 units; never decreasing, and the last is the length of the whole text
 * @throws PosttrainError `invalid-argument` for a token outside the vocabulary
 * @example
 * ```ts
 * textEnds(wordTokenizer(['yes', 'no']), [0, 1, 0]) // => [3, 6, 10]
 * ```
 */
export function textEnds(tokenizer: Pick<Tokenizer, 'decode'>, tokens: readonly number[]): number[] {
  const { length } = tokenizer.decode(tokens)
  const reader = new TextReader(tokenizer)
  return tokens.map((token, t) => {
    reader.read(token)
    return t === tokens.length - 1 ? length : Math.min(length, reader.text.length)
  })
}
