import { invalidData, systemCode } from '@posttrain/core'
import type * as z from 'zod'
import type { FileSystem } from './file-system.js'
import { hashOf, readEntry } from './journal.js'
import { RESTORE } from './named-file.js'

/** What a journal has that was not read before. */
export interface JournalNews<Entry> {
  readonly entries: readonly Entry[]
  /** What was read before does not count any more: the journal was begun again. */
  readonly restarted: boolean
}

/** Reads a journal while another process writes it: each whole line once. Half a line is none yet. */
export class JournalFollower<Entry> {
  readonly #fs: FileSystem
  readonly #path: string
  readonly #schema: z.ZodType<Entry>
  #lines = 0
  #at = 0
  #lastHash = ''

  constructor(fs: FileSystem, path: string, schema: z.ZodType<Entry>) {
    this.#fs = fs
    this.#path = path
    this.#schema = schema
  }

  /**
   * What is new. A journal that is not there has nothing new.
   *
   * @throws PosttrainError `invalid-data`, naming file and line, for a journal that is damaged
   */
  next(): JournalNews<Entry> {
    const text = this.#text()
    if (text === undefined) return { entries: [], restarted: false }
    if (this.#at === 0 || this.#continues(text)) return { entries: this.#read(text), restarted: false }
    ;[this.#lines, this.#at, this.#lastHash] = [0, 0, '']
    return { entries: this.#read(text), restarted: true }
  }

  /** Whether the text begins with what was read: its last line, and with it all before, is where it was. */
  #continues(text: string): boolean {
    const end = text.slice(0, this.#at)
    const last = end.lastIndexOf('\n', this.#at - 2) + 1
    return end.length === this.#at && end.slice(last).startsWith(`${this.#lastHash} `)
  }

  #read(text: string): Entry[] {
    const end = text.lastIndexOf('\n') + 1
    if (end <= this.#at) return []
    const entries: Entry[] = []
    for (const line of text.slice(this.#at, end - 1).split('\n')) {
      const number = this.#lines + 1
      const json = line.slice(line.indexOf(' ') + 1)
      const hash = hashOf(this.#lastHash, json)
      if (line !== `${hash} ${json}`) {
        throw invalidData(`${this.#path} is damaged: line ${number} is not as it was written`, RESTORE)
      }
      entries.push(readEntry(json, this.#schema, `${this.#path}, line ${number}`))
      ;[this.#lines, this.#at, this.#lastHash] = [number, this.#at + line.length + 1, hash]
    }
    return entries
  }

  #text(): string | undefined {
    try {
      return new TextDecoder().decode(this.#fs.read(this.#path))
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined
      throw error
    }
  }
}
