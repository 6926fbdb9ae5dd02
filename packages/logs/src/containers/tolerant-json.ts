/** A number that JSON does not have, or one so long that it may not be exact. A string with one is only slower. */
const SUSPECT = /NaN|Infinity|(?:^|[:[,\s-])\d{16}/
const TOKEN = /-?\d[\d.eE+-]*|NaN|-?Infinity/g
const INTEGER = /^-?[1-9]\d*$/

/**
 * Parses JSON, and JSON as Python writes it: `NaN` is read as null, and `Infinity` as itself. A whole number whose
 * digits a double does not give back, beyond 2⁵³, is read as the text of its digits.
 *
 * @throws SyntaxError as `JSON.parse` does, for anything else that is not JSON
 * @example
 * ```ts no-run
 * parseTolerantJson('{"score": NaN, "id": 9007199254740993}') // { score: null, id: '9007199254740993' }
 * ```
 */
export function parseTolerantJson(text: string): unknown {
  return JSON.parse(SUSPECT.test(text) ? asJson(text) : text)
}

/** The text with such numbers rewritten, outside its strings. */
function asJson(text: string): string {
  let json = ''
  for (let at = 0; ;) {
    const open = text.indexOf('"', at)
    json += text.slice(at, open < 0 ? text.length : open).replace(TOKEN, rewritten)
    if (open < 0) return json
    at = endOfString(text, open)
    json += text.slice(open, at)
  }
}

function rewritten(token: string): string {
  if (token === 'NaN') return 'null'
  if (token.endsWith('Infinity')) return token.replace('Infinity', '1e999') // which JSON reads as infinite
  return INTEGER.test(token) && String(Number(token)) !== token ? `"${token}"` : token
}

/** Where the string ends that begins at `open`: after its closing quote, or at the end of a text that lacks it. */
function endOfString(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); close >= 0; close = text.indexOf('"', close + 1)) {
    let backslashes = 0
    while (text[close - 1 - backslashes] === '\\') backslashes++
    if (backslashes % 2 === 0) return close + 1
  }
  return text.length
}
