import { floats, type Column } from './column.js'

/** What the samples of a task cost. */
export interface TaskCost {
  readonly total: number
  /** Samples of which it is known. */
  readonly samples: number
}

/** What the samples of a log cost, by field and task: sums, so that a million samples need no room. */
export class TaskCosts {
  /** The fields that were asked for. */
  readonly fields: readonly string[]
  readonly #totals: readonly Column<Float64Array>[]
  readonly #samples: readonly Column<Float64Array>[]

  constructor(fields: readonly string[]) {
    this.fields = fields
    this.#totals = fields.map(floats)
    this.#samples = fields.map(floats)
  }

  /** Adds a sample. @param costs (fields): NaN where it is not known */
  add(task: number, costs: readonly number[]): void {
    costs.forEach((cost, field) => {
      if (Number.isNaN(cost)) return
      const { total, samples } = this.of(field, task)
      this.#totals[field]!.set(task, total + cost)
      this.#samples[field]!.set(task, samples + 1)
    })
  }

  /** Whether it is known of any sample. */
  has(field: string): boolean {
    return this.#samples[this.fields.indexOf(field)]!.length > 0
  }

  /** What is known of a task. */
  of(field: number, task: number): TaskCost {
    const samples = this.#samples[field]!.at(task)
    return Number.isNaN(samples) ? NOTHING : { total: this.#totals[field]!.at(task), samples }
  }
}

const NOTHING: TaskCost = { total: 0, samples: 0 }
