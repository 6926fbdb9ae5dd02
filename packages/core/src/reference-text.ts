import { invalidData } from './errors.js'

/**
 * A task's reference as text, where a file or a request says it in JSON: a text is itself, a number its digits, a list
 * of texts one on each line, as assertions are, and other lists and objects, as tests are, their JSON.
 *
 * @returns undefined for what cannot be a reference
 * @throws PosttrainError `invalid-data` for a number that whoever read it had to round: one past 2⁵³, or infinity
 * @example
 * ```ts
 * referenceText(42) // => '42'
 * referenceText(['assert f(1) == 2', 'assert f(2) == 3']) // => 'assert f(1) == 2\nassert f(2) == 3'
 * referenceText(null) // => undefined
 * ```
 */
export function referenceText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return digitsOf(value)
  if (typeof value !== 'object' || value === null) return undefined
  const isLines = Array.isArray(value) && value.length > 0 && value.every((line) => typeof line === 'string')
  return isLines ? value.join('\n') : JSON.stringify(value)
}

function digitsOf(value: number): string {
  if (Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))) return String(value)
  throw invalidData(
    `the reference ${value} is a number that may have been rounded when it was read`,
    'write it as a text',
  )
}
