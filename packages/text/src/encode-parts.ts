import { isMessage, unsupported, type Message, type PiecedCompletion, type Said } from '@posttrain/core'
import { interruption } from './interruption.js'
import { requireTemplate } from './require-template.js'
import type { TextCodec } from './text-codec.js'

/** A part of a completion in tokens: a piece that was said, or messages in a row. */
export interface EncodedPart {
  readonly said?: Said | undefined
  readonly messages: readonly Message[]
  readonly tokens: readonly number[]
  /** The first so many tokens are the model's own: all of what was said, and the end of a turn that messages end. */
  readonly own: number
}

/** Encodes a completion part by part. @throws PosttrainError as `encodeCompletion` */
export function encodeParts(codec: TextCodec, { prompt, pieces }: PiecedCompletion): EncodedPart[] {
  const parts: EncodedPart[] = []
  let last: number | undefined
  for (let i = 0; i < pieces.length;) {
    const piece = pieces[i]!
    if (isMessage(piece)) {
      const end = pieces.findIndex((next, j) => j > i && !isMessage(next))
      const messages = pieces.slice(i, end < 0 ? undefined : end).filter(isMessage)
      parts.push(encodeMessages(codec, { prompt, pieces: pieces.slice(0, i) }, messages, last))
      i += messages.length
    } else {
      const tokens = piece.tokens ?? codec.tokenizer.encode(piece.text)
      parts.push({ said: piece, messages: [], tokens, own: tokens.length })
      i++
    }
    last = parts.at(-1)!.tokens.at(-1) ?? last
  }
  return parts
}

function encodeMessages(
  { tokenizer, template }: TextCodec,
  before: PiecedCompletion,
  messages: readonly Message[],
  last: number | undefined,
): EncodedPart {
  const text = interruption(requireTemplate(template, 'a message interrupts the completion'), before, messages)
  const tokens = tokenizer.encode(text)
  const { endToken } = tokenizer
  if (endToken === undefined) return { messages, tokens, own: 0 }
  const end = tokens.indexOf(endToken)
  if (end < 0) {
    throw unsupported(
      `the chat template ends a turn without the end token ${endToken}: it writes ${JSON.stringify(text)}`,
      'make the tokenizer with the endToken that ends a turn',
    )
  }
  const rest = tokens.slice(end + 1)
  return last === endToken ? { messages, tokens: rest, own: 0 } : { messages, tokens: [endToken, ...rest], own: 1 }
}
