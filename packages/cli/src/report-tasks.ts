import type { LoggedSample, LogRow } from '@posttrain/logs'
import type { ReportTask, TaskSample } from '@posttrain/report'

/** What a report lists of logs: it then opens at once, and logs may have a hundred times as much. */
const LISTED = { samples: 100_000, characters: 32_000_000 }

/** A task while its samples are gathered. */
interface ListedTask extends ReportTask {
  readonly samples: TaskSample[]
}

/** The first samples of a log by task, with their texts, for the report. They are gathered while the log is read. */
export class ReportTasks {
  readonly #tasks = new Map<string, ListedTask[]>()
  readonly #limits: typeof LISTED
  #samples = 0
  #characters = 0
  #isFull = false

  /** @param systems how many logs share the list */
  constructor(systems: number = 1) {
    this.#limits = {
      samples: Math.floor(LISTED.samples / systems),
      characters: Math.floor(LISTED.characters / systems),
    }
  }

  /** The tasks that have a sample here, in order of first appearance. */
  get tasks(): readonly ReportTask[] {
    return [...this.#tasks.values()].flat()
  }

  /**
   * Takes a row of the log.
   *
   * @param system whose samples they are, where the log has several
   */
  add(row: LogRow, system?: string): void {
    if (row.shape === 'counts') return
    for (const sample of row.samples) {
      const length = sample.completion?.length ?? 0
      this.#isFull ||= this.#samples >= this.#limits.samples || this.#characters + length > this.#limits.characters
      if (this.#isFull) return
      this.#samples++
      this.#characters += length
      this.#taskOf(row).samples.push(taskSample(sample, system))
    }
  }

  /** The task of a row. Systems may ask different things under one id: these are different tasks. */
  #taskOf({ taskId: id, prompt, reference }: LogRow): ListedTask {
    const known = this.#tasks.get(id) ?? []
    const same = known.find((task) => prompt === undefined || task.prompt === undefined || task.prompt === prompt)
    if (same) return same
    const task = { id, prompt, reference: reference && written(reference), samples: [] }
    this.#characters += (prompt?.length ?? 0) + (reference?.length ?? 0)
    this.#tasks.set(id, [...known, task])
    return task
  }

  /** Whether all samples of the log are here. @param total samples of the log */
  isWhole(total: number): boolean {
    return this.#samples === total
  }

  /**
   * What the list leaves out, for a sentence above it.
   *
   * @param total samples of the log
   */
  describe(total: number): string {
    const counted = 'Samples that the log only counts have no entry.'
    if (this.isWhole(total)) return `All ${total} samples of the log.`
    return this.#isFull ? `The first ${this.#samples} of ${total} samples of the log.` : counted
  }
}

/** A reference as a reader writes it: the log has it as JSON. */
function written(reference: string): string {
  const value: unknown = JSON.parse(reference)
  return typeof value === 'string' ? value : reference
}

function taskSample({ completion = '', answer, reward, proxy }: LoggedSample, label: string | undefined): TaskSample {
  const verdict = proxy === undefined ? verdictOf(reward) : `${verdictOf(reward)}, proxy ${proxy}`
  return { completion, verdict, reward, answer, label }
}

function verdictOf(reward: number | undefined): string {
  if (reward === undefined) return 'not scored'
  return reward >= 1 ? 'correct' : reward <= 0 ? 'wrong' : 'partly right'
}
