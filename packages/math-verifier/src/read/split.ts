const opening = '([{'
const closing = ')]}'

/**
 * The parts of a text between separators outside of brackets, braces and environments.
 *
 * @param separator matches at its place; sticky
 */
export function split(text: string, separator: RegExp): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < text.length; at++) {
    if (depth === 0) {
      separator.lastIndex = at
      const found = separator.exec(text)
      if (found !== null && found[0].length > 0) {
        parts.push(text.slice(from, at))
        at += found[0].length - 1
        from = at + 1
        continue
      }
    }
    const char = text[at]!
    if (char === '\\' && text.startsWith('\\begin', at)) depth++
    else if (char === '\\' && text.startsWith('\\end', at)) depth--
    else if (opening.includes(char)) depth++
    else if (closing.includes(char)) depth--
  }
  parts.push(text.slice(from))
  return parts.map((part) => part.trim())
}

/** Whether the bracket at the start closes at the end. */
export function isWrapped(text: string): boolean {
  if (text.length < 2 || !opening.includes(text[0]!) || !closing.includes(text.at(-1)!)) return false
  let depth = 0
  for (const [at, char] of [...text].entries()) {
    if (opening.includes(char)) depth++
    else if (closing.includes(char) && --depth === 0) return at === text.length - 1
  }
  return false
}
