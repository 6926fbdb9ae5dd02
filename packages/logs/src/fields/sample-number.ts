import type { RowFields } from '../row-fields.js'
import { fieldAt, textOf } from './field-at.js'
import type { FieldNames } from './field-names.js'
import { indexesOf } from './field-kinds.js'

/** Which sample of its task a row is. */
export interface SampleNumber {
  /** The field that says so. */
  readonly field: string
  readonly value: string
  /** Whether the caller named the field, so that it need not prove that it numbers samples. */
  readonly named: boolean
  /** Values of other fields that might number samples, too: rows that differ in them are not the same row. */
  readonly others: string
}

/**
 * Which sample of its task a row is, where it says so. Rows of pooled fields are different samples.
 *
 * @param pool fields whose values are mixed knowingly
 */
export function sampleNumberOf(
  fields: RowFields,
  { id, sample }: FieldNames,
  pool: readonly string[],
): SampleNumber | undefined {
  if (sample === 'none') return undefined
  const indexes = sample === undefined ? indexesOf(fields) : [sample]
  if (indexes.length === 0) return undefined
  const [field, ...rest] = indexes.filter((name) => name !== id && !pool.includes(name))
  const number = field === undefined ? undefined : textOf(fieldAt(fields, field))
  if (field === undefined || number === undefined) return undefined
  const pooled = pool.map((name) => `\n${textOf(fieldAt(fields, name)) ?? ''}`).join('')
  const others = rest.map((name) => `\n${name}=${textOf(fields[name]) ?? ''}`).join('')
  return { field, value: number + pooled, named: sample !== undefined, others }
}
