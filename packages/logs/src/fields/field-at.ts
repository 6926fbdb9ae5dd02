import type { RowFields } from '../row-fields.js'

/**
 * The value of a field, by its name or by a path of names and places with dots between.
 *
 * @param path for instance `model`, or `scores.match.value`; a field of that very name comes first
 * @returns undefined where there is none
 * @example
 * ```ts
 * fieldAt({ scores: { match: { value: 1 } } }, 'scores.match.value') // => 1
 * ```
 */
export function fieldAt(fields: RowFields, path: string): unknown {
  if (path in fields || !path.includes('.')) return Object.hasOwn(fields, path) ? fields[path] : undefined
  return path
    .split('.')
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? (at as RowFields)[name] : undefined,
      fields,
    )
}

/** A value as a text, so that 4 and "4" are one; undefined where there is none. What is no text is written as JSON. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return undefined
  return typeof value === 'number' ? String(value) : JSON.stringify(value)
}
