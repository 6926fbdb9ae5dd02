import type { Message, Prompt } from '@posttrain/core'
import * as z from 'zod'

/**
 * What a message says: a text, or parts of which some are text. Other parts, and null beside a call of a tool, say
 * nothing.
 */
export const contentSchema: z.ZodType<string> = z
  .union([z.string(), z.array(z.looseObject({ text: z.string().optional() })), z.null()])
  .transform((said) => (typeof said === 'string' ? said : (said ?? []).map(({ text = '' }) => text).join('')))

/** `developer` is what newer services call the system. */
const role = z
  .enum(['system', 'developer', 'user', 'assistant', 'tool'])
  .transform((given) => (given === 'developer' ? 'system' : given))

/** A message of a chat. */
export const message: z.ZodType<Message> = z
  .looseObject({ role, content: contentSchema.default('') })
  .transform(({ role, content }): Message => ({ role, content }))

/** A prompt as clients write it: a text or messages. */
export const promptSchema: z.ZodType<Prompt> = z.union([z.string(), z.array(message)])

/** A completion as clients write it: a text or messages, of which the model's last is the answer; null is none. */
export const responseSchema: z.ZodType<string | undefined> = z
  .union([z.string(), z.array(message), z.null()])
  .transform((said) => {
    if (said === null || typeof said === 'string') return said ?? undefined
    return said.filter(({ role }) => role === 'assistant').at(-1)?.content
  })
