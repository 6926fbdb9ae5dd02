import { visible } from '@posttrain/core'

/**
 * A word or a number with what a sentence puts around it, of which Markdown reads nothing but brackets; GitHub links
 * seven hexadecimal digits or more, if there is such a commit.
 */
const PLAIN = /^(?!.*[\da-f]{7})[[("]*(?:\p{L}+(?:['-]\p{L}+)*|[+−]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[%=×≤−…])[\])",;:.]*$/iu

/**
 * A text as Markdown shows it unchanged: nothing in it becomes markup, a link, a mention of somebody, an issue or
 * another cell, whatever it is and wherever on a line it stands.
 *
 * What is more than words and numbers is written as code, which GitHub leaves alone where it links what looks like
 * `@name`, `#1`, an address or a commit. What cannot be seen is written as by `visible`, on one line.
 *
 * @param text from anywhere
 * @returns GitHub-flavoured Markdown
 * @example
 * ```ts
 * markdownText('pass@8 of @ada') // => '`pass@8` of `@ada`'
 * markdownText('31.2 % [27.5, 35.0]') // => '31.2 % \\[27.5, 35.0\\]'
 * ```
 */
export function markdownText(text: string): string {
  if (text === '') return ''
  const seen = visible(text)
  const words = seen.split(' ')
  if (words.includes('')) return code(seen) // readers drop spaces at the ends and one of two
  return words
    .map(markdownWord)
    .join(' ')
    .replace(/^\d+(?=[.)](?: |$))/, '$&\\') // which would be the number of a list
}

function markdownWord(word: string): string {
  if (PLAIN.test(word)) return word.replace(/[[\]]/g, '\\$&')
  return /[,;:]$/.test(word) ? code(word.slice(0, -1)) + word.at(-1)! : code(word)
}

/** Spans of code with pipes between them as references: on a pipe behind a backslash readers of tables disagree. */
const code = (text: string): string =>
  text
    .split('|')
    .map((part) => (part === '' ? '' : codeSpan(part)))
    .join('&#124;')

function codeSpan(text: string): string {
  const longest = text.match(/`+/g)?.reduce((most, run) => Math.max(most, run.length), 0) ?? 0
  const fence = '`'.repeat(longest + 1)
  // A backtick must not touch the fence; of spaces at both ends a reader strips one, unless there is nothing else.
  const touches = text.startsWith('`') || text.endsWith('`')
  const stripped = text.startsWith(' ') && text.endsWith(' ') && /[^ ]/.test(text)
  const pad = touches || stripped ? ' ' : ''
  return `${fence}${pad}${text}${pad}${fence}`
}
