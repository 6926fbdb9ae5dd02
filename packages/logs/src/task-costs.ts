import { invalidArgument, shown } from '@posttrain/core'
import { floats, type Column } from './column.js'

/** What the samples of a task cost. */
export interface TaskCost {
  readonly total: number
  /** Samples of which it is known. */
  readonly samples: number
}

/** What the samples of a log cost, by field and task: sums, so that a million samples need no room. */
export class TaskCosts {
  /** (fields)(samples): what each cost, where that is kept; NaN where it is not known. */
  readonly #ofSamples: readonly Column<Float64Array>[] | undefined
  /** The fields that were asked for. */
  readonly fields: readonly string[]
  readonly #totals: readonly Column<Float64Array>[]
  readonly #samples: readonly Column<Float64Array>[]

  /** @param keepsSamples whether what each sample cost is kept, too: 8 bytes a sample and field */
  constructor(fields: readonly string[], keepsSamples: boolean = false) {
    this.#ofSamples = keepsSamples ? fields.map(floats) : undefined
    this.fields = fields
    this.#totals = fields.map(floats)
    this.#samples = fields.map(floats)
  }

  /** Adds a sample. @param costs (fields): NaN where it is not known */
  add(task: number, sample: number, costs: readonly number[]): void {
    costs.forEach((cost, field) => {
      if (Number.isNaN(cost)) return
      this.#ofSamples?.[field]!.set(sample, cost)
      const { total, samples } = this.of(field, task)
      this.#totals[field]!.set(task, total + cost)
      this.#samples[field]!.set(task, samples + 1)
    })
  }

  /** Whether it is known of any sample. */
  has(field: string): boolean {
    return this.#samples[this.fields.indexOf(field)]!.length > 0
  }

  /**
   * What a sample cost; NaN where it is not known.
   *
   * @throws PosttrainError `invalid-argument` for a field that was not asked for, or where that was not kept
   */
  ofSample(field: string, sample: number): number {
    const place = this.fields.indexOf(field)
    if (place < 0)
      throw invalidArgument(`the log was read without the costs ${shown(field)}`, 'read it with fields.cost')
    if (this.#ofSamples) return this.#ofSamples[place]!.at(sample)
    throw invalidArgument('the log was read without what each sample cost', 'read it with keepCosts: true')
  }

  /** What is known of a task. */
  of(field: number, task: number): TaskCost {
    const samples = this.#samples[field]!.at(task)
    return Number.isNaN(samples) ? NOTHING : { total: this.#totals[field]!.at(task), samples }
  }
}

const NOTHING: TaskCost = { total: 0, samples: 0 }
