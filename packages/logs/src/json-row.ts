import { invalidData } from '@posttrain/core'
import { DEEPEST, isTooDeep } from './nesting.js'
import { SHAPES, type RowFields } from './parse-row.js'

const NAN = 'JSON has no NaN and no Infinity; write null for a sample that has no score'

/**
 * The fields of a row that is a line of JSON.
 *
 * @param where file and line, for messages
 * @throws PosttrainError `invalid-data` saying where and what
 */
export function parseJsonRow(text: string, where: string): RowFields {
  const wrong = (what: string, hint = SHAPES): never => {
    throw invalidData(`${where}: ${what}`, hint)
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    if (/[:,[]\s*(NaN|-?Infinity)\b/.test(text)) wrong('a number is NaN or infinite', NAN)
    wrong('this is not JSON')
  }
  if (isTooDeep(json, text)) wrong(`lists and objects lie within one another more than ${DEEPEST} deep`)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return wrong('this is not a JSON object')
  return json as RowFields
}
