import { invalidData } from '@posttrain/core'

/** Deepest nesting that is read. Whoever writes or walks a value does so by recursion, which ends sooner or later. */
const DEEPEST = 128

/** The names of an object that is open, or undefined for an array. */
type Open = Set<string> | undefined

const code = (character: string): number => character.charCodeAt(0)
const [QUOTE, BACKSLASH, COMMA] = [code('"'), code('\\'), code(',')]
const [BEGIN_OBJECT, END_OBJECT, BEGIN_ARRAY, END_ARRAY] = [code('{'), code('}'), code('['), code(']')]

/**
 * Requires of a JSON text what `JSON.parse` does not: that no object has a name twice, of which it would take the last
 * in silence, and that nothing is nested too deep to be written again.
 *
 * @param what names the text in errors
 * @param json that `JSON.parse` accepts
 * @throws PosttrainError `invalid-data`, naming the name that is there twice
 */
export function requirePlainStructure(what: string, json: string): void {
  const open: Open[] = []
  let isName = false
  const begin = (names: Open): void => {
    open.push(names)
    if (open.length > DEEPEST) throw invalidData(`${what} is nested deeper than ${DEEPEST} levels`)
    isName = names !== undefined
  }
  for (let i = 0; i < json.length; i++) {
    const character = json.charCodeAt(i)
    if (character === BEGIN_OBJECT) begin(new Set())
    else if (character === BEGIN_ARRAY) begin(undefined)
    else if (character === END_OBJECT || character === END_ARRAY) open.pop()
    else if (character === COMMA) isName = open.at(-1) !== undefined
    else if (character === QUOTE) {
      const end = endOfString(json, i)
      if (isName) requireNewName(what, open.at(-1)!, json.slice(i, end + 1))
      isName = false
      i = end
    }
  }
}

/** Where the quote is that ends the string which begins at `start`. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    let backslashes = 0
    while (json.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return end
  }
}

function requireNewName(what: string, names: Set<string>, quoted: string): void {
  const name = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
  if (names.has(name)) throw invalidData(`${what} has ${JSON.stringify(name)} twice in one object`)
  names.add(name)
}
