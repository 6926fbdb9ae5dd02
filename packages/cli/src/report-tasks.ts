import type { LoggedSample, LogRow } from '@posttrain/logs'
import type { ReportTask, TaskSample } from '@posttrain/report'

/** Samples of a log that a report lists: it then opens at once, and a log may have a hundred times as many. */
const LISTED = 100_000

/** The first samples of a log by task, with their texts, for the report. They are gathered while the log is read. */
export class ReportTasks {
  readonly #tasks = new Map<string, ReportTask & { readonly samples: TaskSample[] }>()
  #samples = 0

  /** The tasks that have a sample here, in order of first appearance. */
  get tasks(): readonly ReportTask[] {
    return [...this.#tasks.values()]
  }

  /** Takes a row of the log. */
  add(row: LogRow): void {
    if (row.shape === 'counts' || this.#samples >= LISTED) return
    const { taskId: id, prompt, reference } = row
    let task = this.#tasks.get(id)
    if (!task) {
      task = { id, prompt, reference: reference && written(reference), samples: [] }
      this.#tasks.set(id, task)
    }
    const samples = row.samples.slice(0, LISTED - this.#samples)
    this.#samples += samples.length
    task.samples.push(...samples.map(taskSample))
  }

  /**
   * What the list leaves out, for a sentence above it.
   *
   * @param total samples of the log
   */
  describe(total: number): string {
    const counted = 'Samples that the log only counts have no entry.'
    if (this.#samples === total) return `All ${total} samples of the log.`
    return this.#samples === LISTED ? `The first ${LISTED} of ${total} samples of the log.` : counted
  }
}

/** A reference as a reader writes it: the log has it as JSON. */
function written(reference: string): string {
  const value: unknown = JSON.parse(reference)
  return typeof value === 'string' ? value : reference
}

function taskSample({ completion = '', answer, reward, proxy }: LoggedSample): TaskSample {
  const verdict = reward === undefined ? 'not scored' : reward >= 1 ? 'correct' : reward <= 0 ? 'wrong' : 'partly right'
  return { completion, verdict, reward, answer, label: proxy === undefined ? undefined : `proxy ${proxy}` }
}
