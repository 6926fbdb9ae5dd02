import { parseTolerantJson } from './tolerant-json.js'
import { withoutMark } from './read-lines.js'
import { isCsvHeader } from './csv-rows.js'

/** How a file holds what it holds. */
export type Content = 'lines' | 'document' | 'csv' | 'zip' | 'parquet'

/** First bytes by which content is told apart: enough for the first line of nearly every log. */
export const HEAD: number = 2 ** 20

/**
 * Tells from its first bytes how a file holds its rows. What is nothing else is lines, whose reader says what is wrong.
 *
 * @param head the first bytes, `HEAD` of them or all there are
 */
export function contentOf(head: Buffer): Content {
  const magic = head.toString('latin1', 0, 4)
  if (magic === 'PK\u0003\u0004' || magic === 'PK\u0005\u0006') return 'zip'
  if (magic === 'PAR1') return 'parquet'
  const text = withoutMark(head.toString('utf8')).trimStart()
  if (text.startsWith('[')) return 'document'
  const line = text.slice(0, text.search(/[\r\n]|$/))
  if (!text.startsWith('{')) return line.length < text.length && isCsvHeader(line) ? 'csv' : 'lines'
  return /[{[,:]\s*$/.test(line) && line.length < text.length && !isJson(line) ? 'document' : 'lines'
}

function isJson(text: string): boolean {
  try {
    parseTolerantJson(text)
    return true
  } catch {
    return false
  }
}
