import * as z from 'zod'
import type { ChatTemplate, ChatTemplateDescription } from './chat-template.js'
import { jinjaTemplate } from './jinja-template.js'
import { parseJSON } from './parse-json.js'

const schema: z.ZodType<ChatTemplateDescription> = z.object({
  kind: z.literal('jinja'),
  source: z.string(),
  variables: z.record(z.string(), z.unknown()),
})

/**
 * The chat template that a description was made of with `JSON.stringify`.
 *
 * @throws PosttrainError `invalid-data` if the text describes none
 * @example
 * ```ts
 * const template = jinjaTemplate('{{ messages[0].content }}')
 * const again = chatTemplateFromJSON(JSON.stringify(template))
 * again.render([{ role: 'user', content: 'Hi' }]) // => 'Hi'
 * ```
 */
export function chatTemplateFromJSON(text: string): ChatTemplate {
  const { source, variables } = parseJSON('the chat template', text, schema)
  return jinjaTemplate(source, { variables })
}
