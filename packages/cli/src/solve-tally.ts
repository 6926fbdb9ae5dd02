import { addUsage, NO_USAGE, shown, type Usage } from '@posttrain/core'
import type { TimedDecision } from '@posttrain/sampling'
import { note } from './log-options.js'

/** What a command that answers tasks says at the end. */
export class SolveTally {
  #tasks = 0
  #abstained = 0
  #samples = 0
  #usage: Usage = NO_USAGE
  readonly #causes = new Map<string, number>()

  add({ sample, samples, stopped, usage, judging }: TimedDecision): void {
    this.#tasks++
    if (!sample) this.#abstained++
    this.#samples += samples.length
    this.#causes.set(stopped, (this.#causes.get(stopped) ?? 0) + 1)
    this.#usage = addUsage([this.#usage, usage, judging])
  }

  /** Says what there is, on standard output only where no rows are there. */
  tell(out: string | undefined): void {
    const { completionTokens, cost } = this.#usage
    const parts = [
      `${this.#tasks} tasks`,
      `${this.#abstained} without an answer`,
      `${(this.#samples / this.#tasks).toFixed(2)} samples and ${(completionTokens / this.#tasks).toFixed(0)} tokens a task`,
      ...[...this.#causes].sort().map(([cause, count]) => `${count} ${cause}`),
      ...(cost === undefined || cost === 0 ? [] : [`cost ${cost.toPrecision(4)}`]),
    ]
    if (out === undefined) note(parts.join(', '))
    else process.stdout.write(`${parts.join(', ')}; wrote ${shown(out)}\n`)
  }
}
