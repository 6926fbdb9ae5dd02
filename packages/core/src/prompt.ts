/** One turn of a chat. Tools speak text here: a call with an id is out of this contract. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly content: string
  readonly name?: string | undefined
}

/** A text, or a chat that the sampler renders by its own template and opens for the model's turn. */
export type Prompt = string | readonly Message[]

const ROLES: readonly unknown[] = ['system', 'user', 'assistant', 'tool']

/** Whether something is a message. */
const isTurn = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false
  const { role, content } = value as Partial<Record<keyof Message, unknown>>
  return ROLES.includes(role) && typeof content === 'string'
}

/**
 * Whether something is a prompt: a text, or a list of messages.
 *
 * @example
 * ```ts
 * isPrompt([{ role: 'user', content: '1+1=' }]) // => true
 * isPrompt([{ role: 'robot', content: '1+1=' }]) // => false
 * ```
 */
export const isPrompt = (value: unknown): value is Prompt =>
  typeof value === 'string' || (Array.isArray(value) && Array.from(value).every(isTurn))
