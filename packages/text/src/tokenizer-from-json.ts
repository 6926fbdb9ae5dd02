import * as z from 'zod'
import { huggingFaceTokenizer } from './hugging-face-tokenizer.js'
import { parseJSON } from './parse-json.js'
import type { Tokenizer, TokenizerDescription } from './tokenizer.js'
import { wordTokenizer } from './word-tokenizer.js'

const json = z.record(z.string(), z.unknown())
const schema: z.ZodType<TokenizerDescription> = z.union([
  z.object({ kind: z.literal('words'), words: z.array(z.string()), end: z.string().optional() }),
  z.object({
    kind: z.literal('hugging-face'),
    tokenizer: json,
    config: json,
    vocabulary: z.int().positive(),
    endToken: z.int().nonnegative().optional(),
  }),
])

/**
 * The tokenizer that a description was made of with `JSON.stringify`.
 *
 * @throws PosttrainError `invalid-data` if the text describes none
 * @example
 * ```ts
 * const again = tokenizerFromJSON(JSON.stringify(wordTokenizer(['a', 'b', '.'], '.')))
 * again.endToken // => 2
 * ```
 */
export function tokenizerFromJSON(text: string): Tokenizer {
  const description = parseJSON('the tokenizer', text, schema)
  if (description.kind === 'words') return wordTokenizer(description.words, description.end)
  const { tokenizer, config, vocabulary, endToken } = description
  const files = { tokenizer: JSON.stringify(tokenizer), tokenizerConfig: JSON.stringify(config) }
  return huggingFaceTokenizer({ ...files, vocabulary, endToken })
}
