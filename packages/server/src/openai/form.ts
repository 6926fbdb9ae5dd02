import type * as z from 'zod'
import type { AskedAnswer } from './asked-answer.js'
import type { Choice } from './choice.js'

/** One of the protocol's two ways to ask: where, with what, and how its responses are written. */
export interface OpenAiForm {
  readonly path: string
  readonly body: z.ZodType<AskedAnswer>
  /** What ids of responses begin with. */
  readonly prefix: string
  /** `object` of a whole response, and of a piece of a streamed one. */
  readonly object: string
  readonly chunk: string
  /** A choice of a whole response. */
  readonly choice: (choice: Choice) => object
  /** The pieces of a choice that is streamed: its text in parts, then its end. */
  readonly pieces: (choice: Choice) => readonly object[]
}

/** Seconds since 1970, by which the protocol says when something was made. */
// eslint-disable-next-line no-restricted-properties -- a stamp on the wire, no result
export const unixTime = (): number => Math.floor(Date.now() / 1000)

/** UTF-16 units of a streamed piece, at most. */
const PIECE = 48

/** A text in parts, none of which splits a character. */
export function parts(text: string): readonly string[] {
  const all: string[] = []
  let part = ''
  for (const character of text) {
    if (part.length + character.length > PIECE) {
      all.push(part)
      part = ''
    }
    part += character
  }
  return part === '' ? all : [...all, part]
}
