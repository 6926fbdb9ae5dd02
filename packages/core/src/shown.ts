/** Controls, marks of direction, characters without width, line separators, and halves of a surrogate pair. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const SHORT = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

function escape(character: string): string {
  const code = character.codePointAt(0)!.toString(16)
  return SHORT.get(character) ?? (code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\u{${code}}`)
}

/**
 * A text of which all can be seen, on one line: whatever would steer a terminal, turn the direction of reading, hide or
 * begin a line is written as its code point, so that nothing is lost. Every message and hint of a `PosttrainError` is
 * such a text.
 *
 * @param text from anywhere
 * @returns the text itself where there is nothing to write otherwise
 * @example
 * ```ts
 * visible('a\u202eb\u001b[31m') // => 'a\\u202eb\\u001b[31m'
 * ```
 */
export const visible = (text: string): string => text.replace(UNSEEN, escape)

/** Writes both ends of what is too long, and how long it is. */
function cut(text: string, most: number, write: (text: string) => string): string {
  if (text.length <= most) return write(text)
  const head = Math.ceil((2 * most) / 3)
  return `${write(`${text.slice(0, head)} … ${text.slice(head - most)}`)} (${text.length} characters)`
}

/**
 * Somebody else's text as a message names it: visible, and both ends and the length where it is long.
 *
 * @param text for instance the name of a file
 * @param most characters of it that are shown, at least 2 (default 80)
 * @returns one line
 * @example
 * ```ts
 * shown('x'.repeat(1_000_000), 9) // => 'xxxxxx … xxx (1000000 characters)'
 * ```
 */
export const shown = (text: string, most: number = 80): string => cut(text, most, visible)

/**
 * The same between quotation marks, as JSON writes a text.
 *
 * @param text for instance the id of a task
 * @param most characters of it that are shown, at least 2 (default 80)
 * @returns one line
 * @example
 * ```ts
 * quoted('say "hi"\n') // => '"say \\"hi\\"\\n"'
 * ```
 */
export const quoted = (text: string, most: number = 80): string =>
  cut(text, most, (part) => visible(JSON.stringify(part)))
