import { integers } from '../column.js'
import { Numbering } from '../numbering.js'

/** What the rows of a task say of it in a field, the same in all of them: few texts for many tasks. */
export class TaskFact {
  readonly #names: Numbering
  readonly #values = integers()

  /** @param kind what the texts are, for messages: for instance `clusters` */
  constructor(kind: string) {
    this.#names = new Numbering(kind)
  }

  /** What was said of a task before another text; undefined where nothing else was said, and the text is taken. */
  contradiction(task: number, text: string, where: string): string | undefined {
    const number = this.#names.get(text) ?? this.#names.add(text, where)
    const before = this.#values.at(task)
    if (before === number) return undefined
    if (before >= 0) return this.textOf(task)
    this.#values.set(task, number)
    this.#texts = undefined
    return undefined
  }

  /** What was said of a task; undefined for nothing. */
  textOf(task: number): string | undefined {
    return (this.#texts ??= [...this.#names.names()])[this.#values.at(task)]
  }
  #texts: readonly string[] | undefined
}
