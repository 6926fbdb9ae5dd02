import { unsupported, type Prompt } from '@posttrain/core'

/** A prompt that is a text. @throws PosttrainError `unsupported` for a chat */
export function requireTextPrompt(prompt: Prompt): string {
  if (typeof prompt === 'string') return prompt
  throw unsupported('a softmax table takes prompts that are texts, not chats', 'render the chat to a text')
}
