import type { RowFields } from '../row-fields.js'
import { fieldAt } from './field-at.js'
import { scoreOf } from './score.js'
import { wrongField } from './wrong-field.js'

const COST = 'must be a finite number or null'

/**
 * What the one sample of a row cost, in each of the fields that were asked for; NaN where the row does not say.
 *
 * @param given fields of the row, as its file has them
 * @param where file and line, for messages
 * @throws PosttrainError `invalid-data` for what is no number
 */
export const costsOfSample = (given: RowFields, names: readonly string[], where: string): readonly number[] =>
  names.map((name) => numberOf(fieldAt(given, name), name, where))

/**
 * The same of all samples of a task, where each field is a list with an entry for each of them.
 *
 * @returns (samples)
 */
export function costsOfSamples(
  given: RowFields,
  names: readonly string[],
  samples: number,
  where: string,
): readonly (readonly number[])[] {
  const lists = names.map((name) => {
    const list = fieldAt(given, name) ?? new Array<null>(samples).fill(null)
    if (Array.isArray(list) && list.length === samples) return list as readonly unknown[]
    throw wrongField(where, name, `must be a list of ${samples} numbers, one for each sample`, list)
  })
  return Array.from({ length: samples }, (_, i) =>
    names.map((name, field) => numberOf(lists[field]![i], `${name}[${i}]`, where)),
  )
}

function numberOf(value: unknown, name: string, where: string): number {
  const cost = typeof value === 'boolean' ? undefined : scoreOf(value, {})
  if (cost !== undefined) return cost
  throw wrongField(where, name, COST, value)
}
