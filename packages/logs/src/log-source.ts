import { shown } from '@posttrain/core'

/** Characters of a name that are shown. */
const LONGEST_NAME = 200

/** The bytes of a log, plain, gzip or zstd, from somewhere else than a file: standard input, a download. */
export interface NamedBytes {
  /** What messages call it. */
  readonly name: string
  readonly bytes: AsyncIterable<Uint8Array>
  /** The open file that they come from (0 for standard input), so that it is not read under another name too. */
  readonly descriptor?: number | undefined
}

/** The rows of a log as texts, one JSON object each. */
export interface NamedLines {
  /** What messages call them (default `lines`). */
  readonly name?: string | undefined
  readonly lines: Iterable<string> | AsyncIterable<string>
}

/** Where rows of a log come from. A string is the path of a file, plain, gzip or zstd. */
export type LogSource = string | NamedBytes | NamedLines

/**
 * How a source is called in messages and titles: its path or name, of which all can be seen.
 *
 * @returns one line, of a long name both ends
 * @example
 * ```ts
 * nameOfSource('before.jsonl') // => 'before.jsonl'
 * nameOfSource({ lines: [] }) // => 'lines'
 * ```
 */
export const nameOfSource = (source: LogSource): string =>
  shown(typeof source === 'string' ? source : (source.name ?? 'lines'), LONGEST_NAME) || '""'
