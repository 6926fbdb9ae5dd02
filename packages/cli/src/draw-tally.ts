import { addUsage, NO_USAGE, shown, type Sample, type Usage } from '@posttrain/core'
import { EXIT } from './exit-status.js'
import { note } from './log-options.js'

/** What a command that draws samples says at the end. */
export class DrawTally {
  #tasks = 0
  #samples = 0
  #failed = 0
  /** Texts that differ from all others of their task. */
  #distinct = 0
  #first: Sample | undefined
  #usage: Usage = NO_USAGE

  /** @param samples of one task */
  add(samples: readonly Sample[]): void {
    const had = samples.filter(({ finish }) => finish !== 'failed')
    this.#tasks++
    this.#samples += samples.length
    this.#failed += samples.length - had.length
    this.#first ??= samples.find(({ finish }) => finish === 'failed')
    this.#distinct += new Set(had.map(({ text }) => text)).size
    this.#usage = addUsage([this.#usage, ...samples.map(({ usage }) => usage)])
  }

  /** Says what there is, on standard output only where no rows are there. Samples that failed are a failure. */
  tell(out: string | undefined): void {
    const had = this.#samples - this.#failed
    const { completionTokens, cost } = this.#usage
    const parts = [
      `${this.#tasks} tasks`,
      `${this.#samples} samples`,
      `${this.#failed} failed`,
      ...(had > this.#tasks ? [`${((100 * this.#distinct) / had).toFixed(0)} % of the texts of a task distinct`] : []),
      `${completionTokens.toLocaleString('en')} tokens drawn`,
      ...(cost === undefined || cost === 0 ? [] : [`cost ${cost.toPrecision(4)}`]),
    ]
    if (out === undefined) note(parts.join(', '))
    else process.stdout.write(`${parts.join(', ')}; wrote ${shown(out)}\n`)
    if (!this.#first) return
    const { taskId, index, failure = 'no reason is given' } = this.#first
    note(
      `${this.#failed} samples could not be had, the first ${index} of ${shown(taskId)}: ${shown(failure, 300)}; the same ` +
        'command asks for them again',
    )
    process.exitCode = EXIT.machineFailed
  }
}
