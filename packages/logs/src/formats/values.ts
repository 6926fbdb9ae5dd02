import type { RowFields } from '../row-fields.js'

/** Whether a value of JSON is an object, and no list. */
export const isObject = (value: unknown): value is RowFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object, or one without fields where there is none. */
export const objectOf = (value: unknown): RowFields => (isObject(value) ? value : {})

/** A list, or an empty one where there is none. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** A row without the fields that are undefined, so that what a file does not say is not in its rows. */
export const rowOf = (fields: RowFields): RowFields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
