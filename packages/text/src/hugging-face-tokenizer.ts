import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers'
import { invalidArgument, invalidData, requireInteger } from '@posttrain/core'
import { z } from 'zod'
import { parseJSON } from './parse-json.js'
import type { Tokenizer } from './tokenizer.js'

/** Contents of the tokenizer files of a Hugging Face folder. */
export interface HuggingFaceTokenizerFiles {
  /** `tokenizer.json`. */
  readonly tokenizer: string
  /** `tokenizer_config.json`, where there is one. */
  readonly tokenizerConfig?: string | undefined
  /** Tokens of the model, which may be more than the tokenizer's (default: those of the tokenizer). */
  readonly vocabulary?: number | undefined
  /** The token that ends a completion, if `tokenizer_config.json` names none as its `eos_token`. */
  readonly endToken?: number | undefined
}

// The library's own declarations import without file extensions, which does not resolve here.
interface Library {
  encode(text: string, options: { add_special_tokens: boolean }): { readonly ids: readonly (number | undefined)[] }
  decode(
    ids: readonly number[],
    options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean },
  ): string
  token_to_id(token: string): number | undefined
  id_to_token(id: number): string | undefined
  get_vocab(): ReadonlyMap<string, number>
}
const createLibrary = LibraryTokenizer as unknown as new (tokenizer: object, config: object) => Library

const filesSchema = z.record(z.string(), z.unknown())
const configSchema = z.looseObject({
  eos_token: z.union([z.string(), z.object({ content: z.string() })]).nullish(),
  clean_up_tokenization_spaces: z.boolean().nullish(),
})

/**
 * The tokenizer of a Hugging Face folder, run by `@huggingface/tokenizers`. `encode` adds no special tokens,
 * `encodePrompt` those of the folder's template, `decode` leaves special tokens out of the text.
 *
 * @throws PosttrainError `invalid-data` for files that are not a tokenizer's, `invalid-argument` for an end token or
 *   vocabulary that does not fit
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 *
 * const file = readFileSync('tools/golden/hugging-face/llama/tokenizer.json', 'utf8')
 * const tokenizer = huggingFaceTokenizer({ tokenizer: file })
 * tokenizer.decode(tokenizer.encodePrompt('Größe: 24')) // => 'Größe: 24'
 * ```
 */
export function huggingFaceTokenizer(files: HuggingFaceTokenizerFiles): Tokenizer {
  const { tokenizer, tokenizerConfig = '{}' } = files
  const config = parseJSON('tokenizer_config.json', tokenizerConfig, configSchema)
  const library = openLibrary(tokenizer, tokenizerConfig)
  const known = 1 + [...library.get_vocab().values()].reduce((largest, id) => Math.max(largest, id), -1)
  const vocabulary = requireInteger('vocabulary', files.vocabulary ?? known, { min: known })

  const eos = typeof config.eos_token === 'object' ? config.eos_token?.content : config.eos_token
  const endToken = (typeof eos === 'string' ? library.token_to_id(eos) : undefined) ?? files.endToken
  if (endToken !== undefined) requireInteger('endToken', endToken, { min: 0, max: vocabulary - 1 })

  const encode = (text: string, add_special_tokens: boolean): number[] =>
    library.encode(text, { add_special_tokens }).ids.map((id, position) => {
      if (id !== undefined) return id
      throw invalidData(
        `token ${position} of ${JSON.stringify(text)} is not in the vocabulary, which has no unknown token`,
      )
    })
  const decoding = {
    skip_special_tokens: true,
    clean_up_tokenization_spaces: config.clean_up_tokenization_spaces ?? false,
  }
  return {
    vocabulary,
    endToken,
    encode: (text) => encode(text, false),
    encodePrompt: (text) => encode(text, true),
    decode: (tokens) => {
      const outside = tokens.findIndex((token) => !(Number.isInteger(token) && token >= 0 && token < vocabulary))
      if (outside >= 0) {
        throw invalidArgument(`token ${tokens[outside]!} is not in the vocabulary of ${vocabulary} tokens`)
      }
      // A model may have more tokens than its tokenizer, to fill a round number: they stand for no text.
      const texts = tokens.filter((token) => library.id_to_token(token) !== undefined)
      return texts.length === 0 ? '' : library.decode(texts, decoding)
    },
    toJSON: () => ({
      kind: 'hugging-face',
      tokenizer: parseJSON('tokenizer.json', tokenizer, filesSchema),
      config: parseJSON('tokenizer_config.json', tokenizerConfig, filesSchema),
      vocabulary,
      endToken,
    }),
  }
}

function openLibrary(tokenizer: string, config: string): Library {
  const files = [
    parseJSON('tokenizer.json', tokenizer, filesSchema),
    parseJSON('tokenizer_config.json', config, filesSchema),
  ] as const
  try {
    return new createLibrary(...files)
  } catch (error) {
    throw invalidData(`tokenizer.json is refused: ${(error as Error).message}`, undefined, error)
  }
}
