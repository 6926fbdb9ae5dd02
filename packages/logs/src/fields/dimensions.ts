import { invalidData, quoted, shown } from '@posttrain/core'
import { nameOfOption, type OptionNames } from '../option-names.js'
import type { RowFields } from '../row-fields.js'
import { textOf } from './field-at.js'
import { dimensionsOf } from './field-kinds.js'

/** Which fields may differ between rows, and what hints call the ways on. */
export interface DimensionRules {
  /** Fields whose values are mixed knowingly. */
  readonly pool: readonly string[]
  /** Whether the caller can make a log of each value. */
  readonly canGroup: boolean
  readonly optionNames?: OptionNames | undefined
}

/** Refuses rows that differ in a field that says of what they are: a model, a filter, a temperature. */
export class Dimensions {
  readonly #rules: DimensionRules
  /** The value that rows have so far; undefined: they lack the field. */
  readonly #values = new Map<string, string | undefined>()
  #rows = 0

  constructor(rules: DimensionRules) {
    this.#rules = rules
  }

  /** @throws PosttrainError `invalid-data` for another value than rows before have, naming field and values */
  require(fields: RowFields, where: string): void {
    for (const name of dimensionsOf(fields)) {
      if (this.#values.has(name) || this.#rules.pool.includes(name)) continue
      this.#values.set(name, this.#rows === 0 ? textOf(fields[name]) : undefined)
    }
    this.#rows++
    for (const [name, before] of this.#values) {
      const value = textOf(fields[name])
      if (value !== before) throw this.#mixture(name, before, value, where)
    }
  }

  #mixture(field: string, before: string | undefined, value: string | undefined, where: string): Error {
    const { canGroup, optionNames } = this.#rules
    const name = shown(field)
    const group = canGroup ? `group by it with ${nameOfOption('groupBy', optionNames)} ${name}, ` : ''
    const choose = `choose one value with ${nameOfOption('where', optionNames)} ${name}=VALUE`
    return invalidData(
      `${where}: the rows differ in ${name} (${valueName(before)}, ${valueName(value)}), and figures over both are of neither`,
      `${group}${choose}, or pool them with ${nameOfOption('pool', optionNames)} ${name}`,
    )
  }
}

/** How messages name a value of a field. */
export const valueName = (value: string | undefined): string => (value === undefined ? 'none' : quoted(value))
