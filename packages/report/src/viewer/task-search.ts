import { outcomeOf, type SampleOutcome } from '../outcome.js'
import type { TaskData } from '../task-data.js'

/** In which order tasks are listed. */
export type TaskOrder = 'given' | 'id' | 'lowest' | 'highest' | 'apart'

/** What to look for. */
export interface Query {
  /** In any text of the task or the sample, whatever the case; empty for all. */
  readonly search: string
  readonly outcome: SampleOutcome | 'all'
  /** Place of the system's name among the texts, or `all`. */
  readonly label: number | 'all'
  readonly order: TaskOrder
}

/** What was found. */
export interface Found {
  /** Tasks with a sample that matches, in the order that was asked for. */
  readonly tasks: readonly number[]
  /** (tasks): how many samples of each match. */
  readonly counts: Uint32Array
  /** (tasks): mean reward of each task's scored samples of the system; NaN without one. */
  readonly means: Float64Array
  /** (samples): 1 for those that match. */
  readonly matches: Uint8Array
}

/** Searches, filters and orders the samples of a page. */
export class TaskSearch {
  readonly #data: TaskData
  #lowered: readonly string[] | undefined

  constructor(data: TaskData) {
    this.#data = data
  }

  /** Names of systems as places among the texts, in order of first appearance. */
  labels(): readonly number[] {
    return [...new Set(this.#data.samples.label)]
  }

  find({ search, outcome, label, order }: Query): Found {
    const { tasks, samples } = this.#data
    const hits = this.#hits(search)
    const hit = (text: number): boolean => hits === undefined || hits[text] === 1
    const counts = new Uint32Array(tasks.id.length)
    const matches = new Uint8Array(samples.reward.length)
    for (let task = 0; task < counts.length; task++) {
      const inTask = hit(tasks.id[task]!) || hit(tasks.prompt[task]!) || hit(tasks.reference[task]!)
      for (let i = tasks.starts[task]!; i < tasks.starts[task + 1]!; i++) {
        if (label !== 'all' && samples.label[i] !== label) continue
        if (outcome !== 'all' && outcomeOf(samples.reward[i]) !== outcome) continue
        if (!inTask && ![samples.completion, samples.answer, samples.verdict].some((column) => hit(column[i]!)))
          continue
        matches[i] = 1
        counts[task]!++
      }
    }
    const found = tasks.id.map((_, task) => task).filter((task) => counts[task]! > 0)
    const means = this.meanRewards(label)
    return { tasks: this.#ordered(found, order, means), counts, means, matches }
  }

  /** (tasks): mean reward of the scored samples of one system, or of all; NaN without one. */
  meanRewards(label: Query['label']): Float64Array {
    const { tasks, samples } = this.#data
    return Float64Array.from(tasks.id, (_, task) => {
      let [sum, scored] = [0, 0]
      for (let i = tasks.starts[task]!; i < tasks.starts[task + 1]!; i++) {
        const reward = samples.reward[i]!
        if (reward === null || (label !== 'all' && samples.label[i] !== label)) continue
        sum += reward
        scored++
      }
      return sum / scored
    })
  }

  #hits(search: string): Uint8Array | undefined {
    if (search === '') return undefined
    const wanted = search.toLowerCase()
    this.#lowered ??= this.#data.texts.map((text) => text.toLowerCase())
    return Uint8Array.from(this.#lowered, (text) => (text.includes(wanted) ? 1 : 0))
  }

  /** Ties keep the order of the page; tasks without a number come last. */
  #ordered(found: readonly number[], order: TaskOrder, means: Float64Array): readonly number[] {
    const by = (numbers: ArrayLike<number>, sign: number): readonly number[] => {
      const key = (task: number): number => (Number.isNaN(numbers[task]!) ? Infinity : sign * numbers[task]!)
      return [...found].sort((a, b) => (key(a) === key(b) ? 0 : key(a) - key(b)))
    }
    switch (order) {
      case 'given':
        return found
      case 'id': {
        const ids = this.#data.tasks.id.map((place) => this.#data.texts[place]!)
        const { compare } = new Intl.Collator('en', { numeric: true })
        return [...found].sort((a, b) => compare(ids[a]!, ids[b]!))
      }
      case 'lowest':
        return by(means, 1)
      case 'highest':
        return by(means, -1)
      case 'apart':
        return by(this.#spreads(), -1)
    }
  }

  /** (tasks): the greatest minus the least mean reward of a system. */
  #spreads(): Float64Array {
    const ofSystems = this.labels().map((label) => this.meanRewards(label))
    return Float64Array.from(this.#data.tasks.id, (_, task) => {
      const known = ofSystems.map((means) => means[task]!).filter((mean) => !Number.isNaN(mean))
      return known.length === 0 ? NaN : Math.max(...known) - Math.min(...known)
    })
  }
}
