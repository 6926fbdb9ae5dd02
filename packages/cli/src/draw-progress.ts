import type { Usage } from '@posttrain/core'
import { Presets, SingleBar } from 'cli-progress'
import { TimeLeft } from './time-left.js'

const FORMAT = '{does} {bar} {value}/{total} {unit} · {rate} samples/s · {tokens} tokens/s{cost} · {left}'
const LINE_EVERY = 15_000

/** A bar on standard error of what is drawn: how much, how fast, what it has cost and how long it will take. */
export class DrawProgress {
  readonly #bar: SingleBar
  readonly #total: number
  readonly #begin = Date.now()
  readonly #time = new TimeLeft(0, this.#begin)
  #done = 0
  /** In this run: what a store had costs nothing now. */
  #drawn = 0
  #tokens = 0
  #cost: number | undefined = 0

  /**
   * @param does for instance `sampling`
   * @param unit of what is counted, for instance `samples`
   */
  constructor(does: string, unit: string, total: number) {
    this.#total = total
    const settings = { format: FORMAT, stream: process.stderr, gracefulExit: false, noTTYOutput: true }
    this.#bar = new SingleBar({ ...settings, notTTYSchedule: LINE_EVERY }, Presets.shades_classic)
    this.#bar.start(total, 0, { does, unit, ...this.#figures() })
  }

  /** A sample was drawn, and cost so much. */
  drawn({ completionTokens, cost }: Usage): void {
    this.#drawn++
    this.#tokens += completionTokens
    this.#cost = this.#cost === undefined || cost === undefined ? undefined : this.#cost + cost
    this.#bar.update(this.#done, this.#figures())
  }

  /** So many more are done, drawn now or known before. */
  done(more: number): void {
    this.#done += more
    this.#bar.update(this.#done, this.#figures())
  }

  stop(): void {
    this.#bar.stop()
  }

  #figures(): object {
    const now = Date.now()
    const seconds = Math.max(0.001, (now - this.#begin) / 1000)
    return {
      rate: (this.#drawn / seconds).toFixed(1),
      tokens: Math.round(this.#tokens / seconds),
      cost: this.#cost === undefined || this.#cost === 0 ? '' : ` · cost ${this.#cost.toPrecision(3)}`,
      left: this.#time.after(this.#done, this.#total, now),
    }
  }
}
