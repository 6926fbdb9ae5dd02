import { withoutPresentation } from './presentation.js'
import { isWrapped } from './split.js'
import { asciiOf } from './unicode.js'
import { announcement, unwrap } from './unwrap.js'

/** An answer without what surrounds it and with one way of writing what Unicode and TeX write in several. */
export function normalise(answer: string): string {
  const text = withoutPresentation(asciiOf(unwrap(answer)))
  const inner = withoutBraces(unwrap(withoutAnnouncement(text)))
  return inner === text ? inner : withoutBraces(unwrap(inner))
}

/** Without words in \text{} that say that an answer follows. */
const withoutAnnouncement = (text: string): string =>
  text.replace(/^\\text\s*\{([^{}]*)\}\s*(?=\S)/, (match, words: string) =>
    announcement.test(`${words} x`) ? '' : match,
  )

/** Without braces that hold all of it; with a comma they are a set as plain text writes it. */
function withoutBraces(text: string, layers = 32): string {
  if (layers === 0 || !text.startsWith('{') || !isWrapped(text)) return text
  const inner = text.slice(1, -1).trim()
  return inner === '' || inner.includes(',') ? `\\{${inner}\\}` : withoutBraces(inner, layers - 1)
}

/** The text with the content of each \text{…} in place of it. */
export const withoutTextCommands = (text: string): string =>
  !/[{}]/.test(text)
    ? text
    : text
        .replace(/\\text\s*\{([^{}]*)\}/g, ' $1 ')
        .replace(/[{}]/g, ' ')
        .replace(/\s+/g, ' ')
        .trim()
