import type { Tokenizer } from './tokenizer.js'

/** Stands for bytes that are not, or not yet, a character. */
const REPLACEMENT = '\ufffd'

/** A text without the replacement characters at its end, which the bytes of a next token may turn into a character. */
export function settledPart(text: string): string {
  let end = text.length
  while (text[end - 1] === REPLACEMENT) end--
  return text.slice(0, end)
}

/**
 * Reads tokens one by one. Its text grows by whole characters: one whose bytes are split over tokens appears with the
 * last of them. Each token decodes a window of a few tokens, never the whole text again.
 *
 * @example
 * ```ts
 * const reader = new TextReader(wordTokenizer(['a', 'b']))
 * reader.read(0)
 * reader.read(1)
 * reader.text // => 'a b'
 * ```
 */
export class TextReader {
  readonly #tokenizer: Pick<Tokenizer, 'decode'>
  /** The tokens read last: from a place between two characters to the last such place, and those read since then. */
  #window: readonly number[] = []
  /** How many of them come before the last such place. */
  #fresh = 0
  /** How much of their text is in `text`. */
  #settled = 0
  #text = ''

  constructor(tokenizer: Pick<Tokenizer, 'decode'>) {
    this.#tokenizer = tokenizer
  }

  /** Text of the tokens read so far, without the bytes of a character that is not complete. */
  get text(): string {
    return this.#text
  }

  /** Reads one more token. @throws PosttrainError `invalid-argument` for a token outside the vocabulary */
  read(token: number): void {
    this.#window = [...this.#window, token]
    const decoded = this.#tokenizer.decode(this.#window)
    const settled = settledPart(decoded)
    if (settled.length <= this.#settled) return
    this.#text += settled.slice(this.#settled)
    this.#settled = settled.length
    if (settled.length < decoded.length) return
    // Here is such a place. The tokens before it are kept: some decoders treat the first token of a text differently.
    const kept = this.#window.slice(this.#fresh)
    this.#window = kept
    this.#fresh = kept.length
    this.#settled = this.#tokenizer.decode(kept).length
  }

  /** A reader of what follows: its text is initially empty, and what was read before is its context. */
  continued(): TextReader {
    const next = new TextReader(this.#tokenizer)
    next.#window = this.#window
    next.#settled = this.#settled
    next.#fresh = this.#fresh
    return next
  }
}
