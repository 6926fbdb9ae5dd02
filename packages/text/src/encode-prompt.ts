import type { Prompt } from '@posttrain/core'
import { requireTemplate } from './require-template.js'
import type { TextCodec } from './text-codec.js'

/**
 * Tokens of a prompt: a text after the start token, if the model has one; a chat as the template renders it, with the
 * model's turn opened.
 *
 * @throws PosttrainError `unsupported` for a chat without a template
 * @example
 * ```ts
 * const tokenizer = wordTokenizer(['user', 'model', 'Hi'])
 * const template = jinjaTemplate('{% for m in messages %}{{ m.role }} {{ m.content }} {% endfor %}model')
 * encodePrompt({ tokenizer, template }, [{ role: 'user', content: 'Hi' }]) // => [0, 2, 1]
 * ```
 */
export function encodePrompt({ tokenizer, template }: TextCodec, prompt: Prompt): number[] {
  if (typeof prompt === 'string') return tokenizer.encodePrompt(prompt)
  // A template writes the start token itself.
  return tokenizer.encode(requireTemplate(template, 'the prompt is a chat').render(prompt))
}
