import { invalidData } from '@posttrain/core'
import type { ChatTemplate } from './chat-template.js'
import { jinjaTemplate } from './jinja-template.js'
import { parseTokenizerConfig, tokenText, type TokenizerConfig } from './tokenizer-config.js'

/** Contents of the files of a Hugging Face folder that may hold a chat template. */
export interface HuggingFaceTemplateFiles {
  /** `tokenizer_config.json`, where there is one. */
  readonly tokenizerConfig?: string | undefined
  /** `chat_template.jinja`, where there is one; it wins. */
  readonly chatTemplate?: string | undefined
}

/**
 * The chat template of a Hugging Face folder, if it has one; of several named ones that named `default`.
 *
 * @throws PosttrainError `invalid-data` for a malformed file or for templates of which none is the default;
 *   `invalid-argument` for one that is not Jinja
 * @example
 * ```ts
 * const config = { chat_template: '{{ bos_token }}{{ messages[0].content }}', bos_token: '<s>' }
 * const template = huggingFaceTemplate({ tokenizerConfig: JSON.stringify(config) })
 * template?.render([{ role: 'user', content: 'Hi' }]) // => '<s>Hi'
 * ```
 */
export function huggingFaceTemplate(files: HuggingFaceTemplateFiles): ChatTemplate | undefined {
  const { tokenizerConfig = '{}', chatTemplate } = files
  const config = parseTokenizerConfig(tokenizerConfig)
  const source = chatTemplate ?? defaultOf(config.chat_template)
  if (source === undefined) return undefined
  return jinjaTemplate(source, { bosToken: tokenText(config.bos_token), eosToken: tokenText(config.eos_token) })
}

function defaultOf(given: TokenizerConfig['chat_template']): string | undefined {
  if (typeof given === 'string' || !given) return given ?? undefined
  const found = given.find(({ name }) => name === 'default')
  if (found) return found.template
  throw invalidData(
    `tokenizer_config.json has the chat templates ${given.map(({ name }) => name).join(', ')}, but no default`,
    'give the one you want as chatTemplate',
  )
}
