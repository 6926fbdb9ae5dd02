import * as z from 'zod'
import { parseJSON } from './parse-json.js'

/** A token, given by its text or with how it is matched. */
type Token = string | { readonly content: string }

/** What a `tokenizer_config.json` says. */
export interface TokenizerConfig extends Readonly<Record<string, unknown>> {
  readonly bos_token?: Token | null | undefined
  readonly eos_token?: Token | null | undefined
  readonly clean_up_tokenization_spaces?: boolean | null | undefined
  readonly chat_template?: string | readonly { readonly name: string; readonly template: string }[] | null | undefined
}

const token = z.union([z.string(), z.looseObject({ content: z.string() })], 'expected a text or { content: string }')
const flag = z.boolean().nullish()

const schema: z.ZodType<TokenizerConfig> = z.looseObject({
  bos_token: token.nullish(),
  eos_token: token.nullish(),
  pad_token: token.nullish(),
  unk_token: token.nullish(),
  additional_special_tokens: z.array(token).nullish(),
  clean_up_tokenization_spaces: flag,
  remove_space: flag,
  do_lowercase_and_remove_accent: flag,
  target_lang: z.string().nullish(),
  chat_template: z.union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))]).nullish(),
})

/** Reads a `tokenizer_config.json`. @throws PosttrainError `invalid-data`, naming the field that is wrong */
export const parseTokenizerConfig = (text: string): TokenizerConfig => parseJSON('tokenizer_config.json', text, schema)

/** The text of a token. */
export const tokenText = (given: Token | null | undefined): string | undefined =>
  typeof given === 'string' ? given : given?.content
