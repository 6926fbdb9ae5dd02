import { invalidArgument, shown } from '@posttrain/core'
import type { RowFields } from '../row-fields.js'
import { valueName } from './dimensions.js'
import { fieldAt, textOf } from './field-at.js'

/** Values that a message names. */
const NAMED = 20

/** Takes the rows whose fields have the wanted values, and remembers which values there were. */
export class Selection {
  readonly #wanted: readonly (readonly [field: string, value: string])[]
  readonly #seen: readonly Set<string | undefined>[]
  #taken = 0

  /** @param where value by field, as texts: a number is meant too */
  constructor(where: Readonly<Record<string, string>> = {}) {
    this.#wanted = Object.entries(where)
    this.#seen = this.#wanted.map(() => new Set<string | undefined>())
  }

  /** Whether a row is wanted. */
  takes(fields: RowFields): boolean {
    const takes = this.#wanted.map(([field, wanted], i) => {
      const value = textOf(fieldAt(fields, field))
      const seen = this.#seen[i]!
      if (seen.size <= NAMED) seen.add(value)
      return value === wanted
    })
    if (takes.includes(false)) return false
    this.#taken++
    return true
  }

  /** @throws PosttrainError `invalid-argument` where no row was wanted, saying which values there were */
  requireTaken(): void {
    if (this.#taken > 0) return
    const asked = this.#wanted.map(([field, value]) => `${shown(field)} = ${shown(value)}`).join(' and ')
    const had = this.#wanted.map(([field], i) => `${shown(field)} is ${listed(this.#seen[i]!)}`).join('; ')
    throw invalidArgument(`no row has ${asked}`, `in the log ${had}`)
  }
}

const listed = (values: ReadonlySet<string | undefined>): string =>
  [...values].slice(0, NAMED).map(valueName).join(', ') + (values.size > NAMED ? ' …' : '')
