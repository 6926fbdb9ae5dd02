import { textOf, type PiecedCompletion, type Said } from '@posttrain/core'
import { encodeParts, type EncodedPart } from './encode-parts.js'
import { findStop } from './find-stop.js'
import type { TextCodec } from './text-codec.js'
import { settledPart, TextReader } from './text-reader.js'
import type { Tokenizer } from './tokenizer.js'

/** A whole completion as a sample has it. */
export interface CompletionText {
  /** What it begins with, then what was drawn, without the stop text. */
  readonly text: string
  /**
   * (tokens of the beginning, then drawn): length of `text` once the token was read. Absent where the text of a given
   * piece is not what its tokens say, so that nobody can tell.
   */
  readonly textEnds: readonly number[] | undefined
  /** The stop text that ended it: the first to begin, of those at one place the longest. */
  readonly stoppedBy: string | undefined
}

/**
 * A completion of which the beginning is there and the rest is drawn: what a sampler that draws tokens needs to know of
 * text.
 *
 * @example
 * ```ts
 * const tokenizer = wordTokenizer(['2', '4', '=', '.'], '.')
 * const begun = new BegunCompletion({ tokenizer }, { prompt: '2 2', pieces: [{ text: '=' }] })
 * begun.tokens // => [2]
 * begun.finish([1, 3]).text // => '= 4 .'
 * begun.finish([1, 3]).textEnds // => [1, 3, 5]
 * ```
 */
export class BegunCompletion {
  /** Tokens of the beginning. */
  readonly tokens: readonly number[]
  /** True if the beginning ends with the end token of a turn, so that nothing can follow it. */
  readonly isEnded: boolean
  readonly #tokenizer: Tokenizer
  readonly #text: string
  readonly #ends: readonly number[] | undefined
  /** What was said in the turn that goes on. */
  readonly #turn: readonly number[]
  readonly #reader: TextReader

  /** @throws PosttrainError as `encodeCompletion` */
  constructor(codec: TextCodec, completion: PiecedCompletion) {
    const { tokenizer } = codec
    const parts = encodeParts(codec, completion)
    const { ends, reader } = readParts(tokenizer, parts)
    this.tokens = parts.flatMap(({ tokens }) => tokens)
    this.#turn = parts.slice(1 + parts.map(({ said }) => !said).lastIndexOf(true)).flatMap(({ tokens }) => tokens)
    this.isEnded = tokenizer.endToken !== undefined && this.#turn.at(-1) === tokenizer.endToken
    this.#tokenizer = tokenizer
    this.#text = textOf(completion.pieces)
    this.#ends = ends
    this.#reader = reader
  }

  /** Watches what is drawn for a stop text: called with each token, it returns true once the text has one. */
  watch(stop: readonly string[] = []): (token: number) => boolean {
    if (stop.length === 0) return () => false
    const reader = this.#reader.continued()
    const longest = Math.max(...stop.map(({ length }) => length))
    return (token) => {
      const from = Math.max(0, reader.text.length - longest + 1)
      reader.read(token)
      return stop.some((text) => reader.text.includes(text, from))
    }
  }

  /** The whole completion, once its rest has been drawn. */
  finish(drawn: readonly number[], stop: readonly string[] = []): CompletionText {
    const before = this.#tokenizer.decode(this.#turn)
    const settled = settledPart(before)
    // Bytes at the end of the beginning may turn into a character with what was drawn: its text is decoded anew from
    // there.
    const unsettled = before.slice(settled.length)
    const start = this.#text.length - (this.#text.endsWith(unsettled) ? unsettled.length : 0)
    const rest = this.#tokenizer.decode([...this.#turn, ...drawn]).slice(settled.length)
    const found = findStop(rest, stop)
    const text = this.#text.slice(0, start) + rest.slice(0, found?.at)
    return {
      text,
      textEnds: this.#ends && this.#allEnds(this.#ends, drawn, start, text.length),
      stoppedBy: found?.stop,
    }
  }

  #allEnds(ends: readonly number[], drawn: readonly number[], start: number, length: number): readonly number[] {
    if (drawn.length === 0) return ends
    const reader = this.#reader.continued()
    const drawnEnds = drawn.map((token, t) => {
      reader.read(token)
      return t === drawn.length - 1 ? length : Math.min(length, start + reader.text.length)
    })
    return [...ends.map((end) => Math.min(end, start)), ...drawnEnds]
  }
}

/** Reads the parts of a beginning: the text's length after each token, and a reader of the turn that goes on. */
function readParts(
  tokenizer: Tokenizer,
  parts: readonly EncodedPart[],
): { readonly ends: readonly number[] | undefined; readonly reader: TextReader } {
  const ends: number[] = []
  let reader = new TextReader(tokenizer)
  let canTell = true
  let length = 0
  for (const { said, messages, tokens } of parts) {
    const text = said?.text ?? textOf(messages)
    // A turn is decoded by itself; the text of messages counts with their last token.
    reader = said ? reader.continued() : new TextReader(tokenizer)
    tokens.forEach((token, t) => {
      if (said) reader.read(token)
      const grown = t === tokens.length - 1 ? text.length : said ? Math.min(text.length, reader.text.length) : 0
      ends.push(length + grown)
    })
    length += text.length
    canTell &&= !said?.tokens || agrees(said, reader.text)
  }
  return { ends: canTell ? ends : undefined, reader: reader.continued() }
}

/** Whether tokens say a text, which may lack what came after a stop text, and characters that are not complete. */
const agrees = ({ text }: Said, read: string): boolean => text.startsWith(read) || read.startsWith(text)
