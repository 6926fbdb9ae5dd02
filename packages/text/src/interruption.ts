import { isMessage, textOf, unsupported, type Message, type PiecedCompletion, type Piece } from '@posttrain/core'
import type { ChatTemplate } from './chat-template.js'

/**
 * What a template writes between two turns of the model: the end of the first, the messages, and the beginning of the
 * second. The first turn is rendered with a placeholder, so that the template cannot change what was said.
 *
 * @param before the completion up to the end of the first turn, in which nothing need have been said
 * @throws PosttrainError `unsupported` for a template that does not show each turn once; `invalid-data` for a chat that
 *   it refuses
 */
export function interruption(
  template: ChatTemplate,
  { prompt, pieces: before }: PiecedCompletion,
  messages: readonly Message[],
): string {
  const turns = turnsOf(before)
  const chat = [...chatOf(prompt), ...turns.slice(0, Math.max(0, turns.length - 1))]
  let placeholder = 'turn'
  while ([...chat, ...messages].some(({ content }) => content.includes(placeholder))) placeholder += '-'
  const text = template.render([...chat, { role: 'assistant', content: placeholder }, ...messages])
  const start = text.indexOf(placeholder)
  if (start >= 0 && start === text.lastIndexOf(placeholder)) return text.slice(start + placeholder.length)
  throw unsupported('the chat template does not show a turn of the model exactly once, so a message cannot follow it')
}

/** A prompt that is a text stands for what a user said: templates want somebody else to speak before the model. */
const chatOf = (prompt: PiecedCompletion['prompt']): readonly Message[] =>
  typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt

/** Pieces as turns: what is said without a message in between is one turn of the model. */
function turnsOf(pieces: readonly Piece[]): Message[] {
  const turns: Message[] = []
  let said: Piece[] = []
  for (const piece of pieces) {
    if (!isMessage(piece)) said.push(piece)
    else {
      if (said.length > 0) turns.push({ role: 'assistant', content: textOf(said) })
      said = []
      turns.push(piece)
    }
  }
  if (said.length > 0) turns.push({ role: 'assistant', content: textOf(said) })
  return turns
}
