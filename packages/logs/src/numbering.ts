import { invalidData } from '@posttrain/core'

/** Names that V8 can hold in one map. */
const MOST = 2 ** 24

/** Numbers names from 0 in the order in which they are first seen. */
export class Numbering {
  readonly #numbers = new Map<string, number>()
  readonly #kind: string
  readonly #most: number

  /** @param kind what is numbered, for messages: for instance `tasks` */
  constructor(kind: string, most: number = MOST) {
    this.#kind = kind
    this.#most = most
  }

  get size(): number {
    return this.#numbers.size
  }

  /** In the order of their numbers. */
  names(): IterableIterator<string> {
    return this.#numbers.keys()
  }

  /** The number of a name; undefined before it was added. */
  get(name: string): number | undefined {
    return this.#numbers.get(name)
  }

  /**
   * Gives a new name its number.
   *
   * @param where file and line, for messages
   * @throws PosttrainError `invalid-data` for more names than can be held
   */
  add(name: string, where: string): number {
    const number = this.#numbers.size
    if (number === this.#most) {
      throw invalidData(
        `${where}: the log has more than ${this.#most} different ${this.#kind}`,
        'that is as many as can be held; split the log by task',
      )
    }
    this.#numbers.set(name, number)
    return number
  }
}
