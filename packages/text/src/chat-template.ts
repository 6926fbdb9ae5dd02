import type { Message } from '@posttrain/core'

/** Renders chats as a model was trained to read them. */
export interface ChatTemplate {
  /**
   * The text of a chat, with the model's turn opened at its end. @throws PosttrainError `invalid-data` for a chat it
   * refuses
   */
  render(messages: readonly Message[]): string
  /** A description from which `chatTemplateFromJSON` makes the same template again. */
  toJSON(): ChatTemplateDescription
}

/** What a checkpoint keeps of a chat template. */
export interface ChatTemplateDescription {
  readonly kind: 'jinja'
  /** The template itself. */
  readonly source: string
  /** What it may use beside the messages. */
  readonly variables: Readonly<Record<string, unknown>>
}
