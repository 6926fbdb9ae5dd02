import { invalidData } from '@posttrain/core'
import { parseTolerantJson } from './containers/tolerant-json.js'
import { SHAPES } from './fields/wrong-field.js'
import { DEEPEST, isTooDeep } from './nesting.js'
import type { RowFields } from './row-fields.js'

/**
 * The fields of a row that is a line of JSON, or of what Python writes for it: NaN is read as null, and a whole number
 * too large for a double as its text.
 *
 * @param where file and line, for messages
 * @throws PosttrainError `invalid-data` saying where and what
 */
export function parseJsonRow(text: string, where: string): RowFields {
  const wrong = (what: string): never => {
    throw invalidData(`${where}: ${what}`, SHAPES)
  }
  let json: unknown
  try {
    json = parseTolerantJson(text)
  } catch {
    wrong('this is not JSON')
  }
  if (isTooDeep(json, text)) wrong(`lists and objects lie within one another more than ${DEEPEST} deep`)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return wrong('this is not a JSON object')
  return json as RowFields
}
