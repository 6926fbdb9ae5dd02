import { isUtf8 } from 'node:buffer'
import { invalidData } from '@posttrain/core'
import { isTooDeep, DEEPEST } from '../nesting.js'
import { withoutMark } from './read-lines.js'
import { parseTolerantJson } from './tolerant-json.js'

/**
 * The text of bytes in UTF-8.
 *
 * @param name of the source, for messages
 * @throws PosttrainError `invalid-data` where they are no text
 */
export function textOf(bytes: Buffer, name: string): string {
  if (isUtf8(bytes)) return withoutMark(bytes.toString('utf8'))
  throw invalidData(`${name}: this is not text (not valid UTF-8)`, 'logs are text in UTF-8')
}

/**
 * Parses one JSON text that is a whole file.
 *
 * @throws PosttrainError `invalid-data` where it is not JSON, cut off for instance, or nested too deep
 */
export function parseDocument(bytes: Buffer, name: string): unknown {
  const text = textOf(bytes, name)
  let json: unknown
  try {
    json = parseTolerantJson(text)
  } catch (error) {
    throw invalidData(`${name}: this is not JSON: ${(error as Error).message}`, 'was it written to its end?', error)
  }
  if (!isTooDeep(json, text)) return json
  throw invalidData(`${name}: lists and objects lie within one another more than ${DEEPEST} deep`)
}
