import { statSync } from 'node:fs'
import type { ReadProgress } from '@posttrain/logs'
import { Presets, SingleBar } from 'cli-progress'
import { TimeLeft } from './time-left.js'

/** Smaller files are read before a bar could be looked at. */
const LARGE = 8 * 2 ** 20
const MB = 1e6

/**
 * A bar on standard error while large files are read; silent for small ones and for standard input, whose end is
 * unknown.
 */
export class LogProgress {
  readonly #bar: SingleBar | undefined
  readonly #total: number
  readonly #time = new TimeLeft(0, Date.now())

  /** @param files paths; what is no file has no size */
  constructor(files: readonly string[]) {
    const bytes = files.reduce((sum, file) => sum + sizeOf(file), 0)
    this.#total = bytes
    if (bytes < LARGE) return
    const format = 'reading {bar} {value}/{total} MB · {rows} rows · {left}'
    // Ctrl-C shall end the process as it does without a bar: nothing is lost.
    const settings = { format, stream: process.stderr, gracefulExit: false, noTTYOutput: true, notTTYSchedule: 15_000 }
    this.#bar = new SingleBar(settings, Presets.shades_classic)
    this.#bar.start(Math.ceil(bytes / MB), 0, { rows: 0, left: this.#left(0) })
  }

  update({ bytes, rows }: ReadProgress): void {
    this.#bar?.update(Math.round(bytes / MB), { rows: rows.toLocaleString('en'), left: this.#left(bytes) })
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
