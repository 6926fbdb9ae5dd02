import type { ChatTemplate } from './chat-template.js'
import type { Tokenizer } from './tokenizer.js'

/** What turns prompts and completions into tokens and back. */
export interface TextCodec {
  readonly tokenizer: Tokenizer
  /** For chats. Absent: prompts are texts, and no message interrupts a completion. */
  readonly template?: ChatTemplate | undefined
}
