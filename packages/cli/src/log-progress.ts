import { statSync } from 'node:fs'
import type { ReadProgress } from '@posttrain/logs'
import { Presets, SingleBar } from 'cli-progress'
import { TimeLeft } from './time-left.js'

/** Smaller files are read before a bar could be looked at, unless each row takes its time. */
const LARGE = 8 * 2 ** 20
const SOON = 2_000
const MB = 1e6

/**
 * A bar on standard error while large files are read, or small ones for more than two seconds; silent for standard
 * input, whose end is unknown.
 */
export class LogProgress {
  readonly #total: number
  readonly #begin = Date.now()
  readonly #time = new TimeLeft(0, this.#begin)
  readonly #does: string
  #bar: SingleBar | undefined

  /**
   * @param files paths; what is no file has no size
   * @param does what is done with them (default `reading`)
   */
  constructor(files: readonly string[], does = 'reading') {
    this.#total = files.reduce((sum, file) => sum + sizeOf(file), 0)
    this.#does = does
    if (this.#total >= LARGE) this.#show()
  }

  update({ bytes, rows }: ReadProgress): void {
    if (this.#bar === undefined && this.#total > 0 && Date.now() - this.#begin >= SOON) this.#show()
    this.#bar?.update(Math.round(bytes / MB), { rows: rows.toLocaleString('en'), left: this.#left(bytes) })
  }

  #show(): void {
    const format = `${this.#does} {bar} {value}/{total} MB · {rows} rows · {left}`
    // Ctrl-C shall end the process as it does without a bar: nothing is lost.
    const settings = { format, stream: process.stderr, gracefulExit: false, noTTYOutput: true, notTTYSchedule: 15_000 }
    this.#bar = new SingleBar(settings, Presets.shades_classic)
    this.#bar.start(Math.ceil(this.#total / MB), 0, { rows: 0, left: this.#left(0) })
  }

  #left(bytes: number): string {
    return this.#time.after(bytes, this.#total, Date.now())
  }

  stop(): void {
    this.#bar?.stop()
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch {
    return 0 // whoever reads it says why it cannot be read
  }
}
