/** One turn of a chat. Tools speak text here: a call with an id is out of this contract. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly content: string
  readonly name?: string | undefined
}

/** A text, or a chat that the sampler renders by its own template and opens for the model's turn. */
export type Prompt = string | readonly Message[]
