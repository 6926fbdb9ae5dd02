import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers'
import { invalidArgument, invalidData, requireInteger } from '@posttrain/core'
import { parseTokenizerConfig, tokenText } from './tokenizer-config.js'
import { parseTokenizerFile } from './tokenizer-file/tokenizer-file.js'
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

/** Of every kind that parts of a tokenizer treat apart. */
const TRIAL = ' Größe: 24 naïve 数字 e\u0301 \ud800\u0000 <s> '

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
  const { json: tokenizer, size } = parseTokenizerFile(files.tokenizer)
  const config = parseTokenizerConfig(files.tokenizerConfig ?? '{}')
  const vocabulary = requireInteger('vocabulary', files.vocabulary ?? size, { min: Math.max(1, size) })
  const library = asked('tokenizer.json is refused', () => new createLibrary(tokenizer, config))

  const eos = tokenText(config.eos_token)
  const endToken = (eos === undefined ? undefined : library.token_to_id(eos)) ?? files.endToken
  if (endToken !== undefined) requireInteger('endToken', endToken, { min: 0, max: vocabulary - 1 })
  else if (eos !== undefined) {
    throw invalidData(`tokenizer_config.json has the eos_token ${JSON.stringify(eos)}, which is not a token`)
  }

  const idsOf = (text: string, add_special_tokens: boolean): readonly (number | undefined)[] =>
    asked('the text cannot be encoded', () => library.encode(text, { add_special_tokens }).ids)
  const encode = (text: string, special: boolean): number[] =>
    idsOf(text, special).map((id, position) => {
      if (id !== undefined) return id
      throw invalidData(
        `token ${position} of ${JSON.stringify(text)} is not in the vocabulary, which has no unknown token`,
      )
    })
  const decoding = {
    skip_special_tokens: true,
    clean_up_tokenization_spaces: config.clean_up_tokenization_spaces ?? false,
  }
  const decode = (tokens: readonly number[]): string => {
    const outside = tokens.findIndex((token) => !(Number.isInteger(token) && token >= 0 && token < vocabulary))
    if (outside >= 0) {
      throw invalidArgument(`token ${tokens[outside]!} is not in the vocabulary of ${vocabulary} tokens`)
    }
    // A model may have more tokens than its tokenizer, to fill a round number: they stand for no text.
    const texts = tokens.filter((token) => library.id_to_token(token) !== undefined)
    return texts.length === 0 ? '' : asked('the tokens cannot be decoded', () => library.decode(texts, decoding))
  }
  // What the library trips over, it is to trip over now; tokens that the trial has and the vocabulary has not are no
  // fault.
  const tried = idsOf(TRIAL, true).filter((id) => id !== undefined)
  decode([...tried, 0, vocabulary - 1])
  return {
    vocabulary,
    endToken,
    encode: (text) => encode(text, false),
    encodePrompt: (text) => encode(text, true),
    decode,
    toJSON: () => ({ kind: 'hugging-face', tokenizer, config, vocabulary, endToken }),
  }
}

/** What the library answers; it throws errors of any class. @throws PosttrainError `invalid-data` for each of them */
function asked<T>(refusal: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw invalidData(`${refusal}: ${error instanceof Error ? error.message : String(error)}`, undefined, error)
  }
}
