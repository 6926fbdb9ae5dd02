import { invalidData, systemCode, problemsOf } from '@posttrain/core'
import * as z from 'zod'
import type { FileSystem } from './file-system.js'
import { RESTORE, sha256 } from './named-file.js'
import { writeWhole } from './whole-file.js'

const encoder = new TextEncoder()

/**
 * Entries that are added one after the other and last: an append-only file, synced after each. It has one writer.
 *
 * A line is `<SHA-256> <entry as JSON>`, and the hash covers the line before it too, so that a line which was changed,
 * doubled, moved or taken out is seen. The end of the file may be missing, as after a kill or a power cut: a last line
 * without its newline does not count.
 */
export class Journal<Entry> {
  readonly #fs: FileSystem
  readonly #path: string
  readonly #schema: z.ZodType<Entry>
  readonly #entries: Entry[]
  #lastHash: string
  /** Why nothing can be added any more: half a line may be in the file. */
  #failure: Error | undefined

  private constructor(fs: FileSystem, path: string, schema: z.ZodType<Entry>, entries: Entry[], lastHash: string) {
    this.#fs = fs
    this.#path = path
    this.#schema = schema
    this.#entries = entries
    this.#lastHash = lastHash
  }

  /** Begins a journal with its first entry, or not at all. */
  static create<Entry>(fs: FileSystem, path: string, schema: z.ZodType<Entry>, first: Entry): Journal<Entry> {
    const { line, hash } = lineOf('', schema.parse(first))
    writeWhole(fs, path, encoder.encode(line))
    return new Journal(fs, path, schema, [first], hash)
  }

  /**
   * Reads a journal; half a last line is taken off it.
   *
   * @returns undefined if there is none
   * @throws PosttrainError `invalid-data`, naming file and line, for any other damage
   */
  static open<Entry>(fs: FileSystem, path: string, schema: z.ZodType<Entry>): Journal<Entry> | undefined {
    const text = readText(fs, path)
    if (text === undefined) return undefined
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (whole === '') throw invalidData(`${path} is damaged: it has no whole line`, RESTORE)
    const entries: Entry[] = []
    let lastHash = ''
    for (const [i, line] of whole.slice(0, -1).split('\n').entries()) {
      const json = line.slice(line.indexOf(' ') + 1)
      lastHash = hashOf(lastHash, json)
      if (line !== `${lastHash} ${json}`)
        throw invalidData(`${path} is damaged: line ${i + 1} is not as it was written`, RESTORE)
      entries.push(readEntry(json, schema, `${path}, line ${i + 1}`))
    }
    if (whole !== text) writeWhole(fs, path, encoder.encode(whole))
    return new Journal(fs, path, schema, entries, lastHash)
  }

  get entries(): readonly Entry[] {
    return this.#entries
  }

  /** Adds an entry, which counts once this returns. What it names must have been synced before. */
  append(entry: Entry): void {
    if (this.#failure !== undefined) throw this.#failure
    const parsed = this.#schema.safeParse(entry)
    if (!parsed.success) throw invalidData(`this cannot be kept in ${this.#path}: ${problemsOf(parsed.error)}`)
    const { line, hash } = lineOf(this.#lastHash, parsed.data)
    try {
      this.#fs.append(this.#path, encoder.encode(line))
      this.#fs.sync(this.#path)
    } catch (error) {
      this.#failure = error as Error
      throw error
    }
    this.#entries.push(parsed.data)
    this.#lastHash = hash
  }
}

/** SHA-256 of a line, which covers the line before it. */
export const hashOf = (previous: string, json: string): string => sha256(previous + json)

function lineOf(previous: string, entry: unknown): { line: string; hash: string } {
  const json = JSON.stringify(entry)
  const hash = hashOf(previous, json)
  return { line: `${hash} ${json}\n`, hash }
}

function readText(fs: FileSystem, path: string): string | undefined {
  try {
    return new TextDecoder().decode(fs.read(path))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** The hash holds, so that an entry which cannot be read was written by another version. */
export function readEntry<Entry>(json: string, schema: z.ZodType<Entry>, where: string): Entry {
  const parsed = schema.safeParse(JSON.parse(json))
  if (parsed.success) return parsed.data
  throw invalidData(`${where} was written by another version of posttrain`, 'continue with that version')
}
