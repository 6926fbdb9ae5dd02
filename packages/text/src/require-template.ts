import { unsupported } from '@posttrain/core'
import type { ChatTemplate } from './chat-template.js'

/** The template that a chat needs. @throws PosttrainError `unsupported`, saying why it is needed, if there is none */
export function requireTemplate(template: ChatTemplate | undefined, why: string): ChatTemplate {
  if (template) return template
  throw unsupported(`${why}, but there is no chat template`, 'give one, for instance jinjaTemplate(source)')
}
