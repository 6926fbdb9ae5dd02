import { invalidData, problemsOf } from '@posttrain/core'
import * as z from 'zod'
import { requirePlainStructure } from './json-structure.js'

/**
 * Parses a text and checks what it says. It refuses a name twice in one object, and nesting too deep to be written
 * again.
 *
 * @param what names it in errors, for instance `config.json`
 * @throws PosttrainError `invalid-data`
 * @example
 * ```ts
 * import * as z from 'zod'
 *
 * parseJSON('config.json', '{"layers":2}', z.object({ layers: z.int() })) // => { layers: 2 }
 * ```
 */
export function parseJSON<T>(what: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw invalidData(`${what} is not JSON`, undefined, error)
  }
  requirePlainStructure(what, text)
  return requireSchema(what, value, schema)
}

/** What a value says, checked. @throws PosttrainError `invalid-data`, naming the fields that are wrong */
export function requireSchema<T>(what: string, value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw invalidData(`${what} is malformed: ${problemsOf(parsed.error)}`)
  return parsed.data
}
