import type { Message } from './prompt.js'

/** Something said in the model's turn. */
export interface Said {
  readonly text: string
  /** Of the sampler's own vocabulary. A sampler that takes tokens uses these and never encodes the text again. */
  readonly tokens?: readonly number[] | undefined
}

/**
 * A piece of a completion. What is `Said` belongs to the model's turn. A `Message` ends that turn, with its end token
 * unless the tokens before already end with it; the template inserts the message, and a new turn of the model is
 * opened.
 */
export type Piece = Said | Message

/** Whether a piece is a message, not something the model said. */
export const isMessage = (piece: Piece): piece is Message => 'role' in piece

/**
 * Whether a piece adds nothing to a completion, neither text nor tokens. It begins an answer of the model.
 *
 * @example
 * ```ts
 * saysNothing({ text: '' }) // => true
 * saysNothing({ role: 'tool', content: '' }) // => false
 * ```
 */
export const saysNothing = (piece: Piece): boolean =>
  !isMessage(piece) && piece.text === '' && (piece.tokens === undefined || piece.tokens.length === 0)

/**
 * The text of pieces: what was said, and the contents of messages; never the template's own words.
 *
 * @example
 * ```ts
 * textOf([{ text: '2+2? ' }, { role: 'tool', content: '4' }, { text: ' so 4' }]) // => '2+2? 4 so 4'
 * ```
 */
export const textOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (isMessage(piece) ? piece.content : piece.text)).join('')
