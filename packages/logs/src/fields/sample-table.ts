import { integers, type Column } from '../column.js'
import { Numbering } from '../numbering.js'

/** Numbers of samples below this are kept as they are; those above and texts get a number of their own. */
const LARGEST = 2 ** 29
const PLAIN = /^(0|[1-9]\d{0,8})$/

/** Finds a sample by its task and its number within the task, at some 12 bytes a sample. */
export class SampleTable {
  readonly #tasks: Column<Int32Array>
  readonly #names = new Numbering('numbers of samples')
  /** (samples), in the order of the log: −1 without a number. */
  readonly #keys = integers()
  /** Open addressing: 0 is free, otherwise a sample + 1. */
  #slots = new Int32Array(1024)
  #used = 0

  /** @param tasks (samples): which task each is of; a sample has its entry before it is added here */
  constructor(tasks: Column<Int32Array>) {
    this.#tasks = tasks
  }

  /**
   * The sample of this task and number that was added before, or −1.
   *
   * @param where file and line, for messages
   */
  find(task: number, number: string, where: string): number {
    const key = this.#keyOf(number, where)
    return this.#slots[this.#slotOf(task, key)]! - 1
  }

  /** Adds a sample, which is not there yet. */
  add(sample: number, number: string, where: string): void {
    const key = this.#keyOf(number, where)
    this.#keys.set(sample, key)
    if (2 * ++this.#used > this.#slots.length) this.#grow()
    this.#slots[this.#slotOf(this.#tasks.at(sample), key)] = sample + 1
  }

  /** Whether a sample has a number. */
  has(sample: number): boolean {
    return this.#keys.at(sample) >= 0
  }

  /** Compares two samples by number, texts after numbers, once all have been added. */
  comparison(): (a: number, b: number) => number {
    const names = [...this.#names.names()]
    return (a, b) => {
      const [left, right] = [this.#keys.at(a), this.#keys.at(b)]
      const isText = left % 2 === 1
      if (isText !== (right % 2 === 1)) return isText ? 1 : -1
      return isText ? COLLATOR.compare(names[(left - 1) / 2]!, names[(right - 1) / 2]!) : left - right
    }
  }

  #keyOf(number: string, where: string): number {
    if (PLAIN.test(number) && Number(number) < LARGEST) return 2 * Number(number)
    return 2 * (this.#names.get(number) ?? this.#names.add(number, where)) + 1
  }

  #slotOf(task: number, key: number): number {
    const mask = this.#slots.length - 1
    const mixed = Math.imul(task, 0x9e3779b1) ^ Math.imul(key, 0x85ebca6b)
    let slot = (mixed ^ (mixed >>> 15)) & mask
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const sample = this.#slots[slot]! - 1
      if (this.#keys.at(sample) === key && this.#tasks.at(sample) === task) break
    }
    return slot
  }

  #grow(): void {
    const before = this.#slots
    this.#slots = new Int32Array(2 * before.length)
    for (const taken of before) {
      if (taken !== 0) this.#slots[this.#slotOf(this.#tasks.at(taken - 1), this.#keys.at(taken - 1))] = taken
    }
  }
}

/** `trial 2` before `trial 10`. */
const COLLATOR = new Intl.Collator('en', { numeric: true })
