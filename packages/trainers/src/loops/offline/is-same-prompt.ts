import type { Prompt } from '@posttrain/core'

/** Whether two prompts say the same; chats are compared message by message. */
export const isSamePrompt = (a: Prompt, b: Prompt): boolean =>
  a === b || (typeof a !== 'string' && typeof b !== 'string' && JSON.stringify(a) === JSON.stringify(b))
