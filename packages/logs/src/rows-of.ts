import { createReadStream } from 'node:fs'
import { placeOf, type LogFile } from './log-file.js'
import { nameOfSource, type LogSource, type NamedBytes, type NamedLines } from './log-source.js'
import { forEachRow, type ReadSourceOptions } from './for-each-row.js'
import type { RowFields } from './row-fields.js'

/** A row of a source, and where it stands. */
export interface PlacedRow {
  readonly fields: RowFields
  /** For instance `rows.jsonl, line 3`. */
  readonly where: string
}

/**
 * The rows of a source as `forEachRow` reads them, but only as fast as they are taken: no more is read ahead than the
 * first MiB, by which content is told apart, and a block, however long each row is worked on.
 *
 * @throws PosttrainError as `forEachRow`, after the rows that come before
 * @example
 * ```ts
 * const rows = []
 * for await (const row of rowsOf({ lines: ['{"task_id":"a"}'] }, { format: 'rows' })) rows.push(row)
 * rows // => [{ fields: { task_id: 'a' }, where: 'lines, line 1' }]
 * ```
 */
export async function* rowsOf(source: LogSource, options: ReadSourceOptions = {}): AsyncGenerator<PlacedRow> {
  const gate = new Gate()
  let rows: PlacedRow[] = []
  const take = (fields: RowFields, file: LogFile, number: number): void =>
    void rows.push({ fields, where: placeOf(file, number) })
  let end: { readonly error?: unknown } | undefined
  const reading = forEachRow(gated(source, gate), take, options).then(
    () => (end = {}),
    (error: unknown) => (end = { error }),
  )
  try {
    for (;;) {
      const taken = rows
      rows = []
      yield* taken
      if (rows.length > 0) continue
      if (end !== undefined) break
      await Promise.race([gate.letThrough(), reading])
    }
    if ('error' in end) throw end.error
  } finally {
    gate.close()
    await reading
  }
}

/** Lets one block after another through, each when it is asked for. */
class Gate {
  #open = (): void => {}
  #passed = (): void => {}
  #opened = new Promise<void>((resolve) => (this.#open = resolve))
  #isClosed = false

  /** Settles when what was let through has been worked on. */
  letThrough(): Promise<void> {
    const passed = new Promise<void>((resolve) => (this.#passed = resolve))
    this.#open()
    return passed
  }

  /** Ends what still waits. */
  close(): void {
    this.#isClosed = true
    this.#open()
  }

  async *through<T>(blocks: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
    for await (const block of blocks) {
      await this.#opened
      if (this.#isClosed) return
      this.#opened = new Promise<void>((resolve) => (this.#open = resolve))
      yield block
      this.#passed()
    }
  }
}

function gated(source: LogSource, gate: Gate): NamedBytes | NamedLines {
  if (typeof source !== 'string' && 'lines' in source) return { name: source.name, lines: gate.through(source.lines) }
  const name = nameOfSource(source)
  return { name, bytes: gate.through(typeof source === 'string' ? createReadStream(source) : source.bytes) }
}
