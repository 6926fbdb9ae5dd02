import { integers } from './column.js'
import { placeOf, type LogFile } from './log-file.js'

/** Places of rows as numbers, 4 bytes each: they go on from file to file. */
export class Places {
  readonly #files: { readonly file: LogFile; readonly start: number }[] = []
  readonly #numbers = integers()
  #last = 0

  /** Remembers the place of the next row. */
  push(file: LogFile, number: number): void {
    const last = this.#files.at(-1)?.file
    if (last?.name !== file.name || last.unit !== file.unit) this.#files.push({ file, start: this.#last })
    this.#last = this.#files.at(-1)!.start + number
    this.#numbers.push(this.#last)
  }

  /** The place of the row that was the i-th to be remembered, for messages. */
  at(i: number): string {
    const number = this.#numbers.at(i)
    let of = this.#files.length - 1
    while (this.#files[of]!.start >= number) of--
    const { file, start } = this.#files[of]!
    return placeOf(file, number - start)
  }
}
