import { isRead } from '../read/function-names.js'
import { withoutTextCommands } from '../read/normalise.js'
import { parts, type Answer } from './answer.js'

const text = (value: string): Answer => ({ kind: 'text', text: value })

/** ∞ and −∞. */
export function readInfinity(value: string): Answer | undefined {
  const match = /^([+-]?)\s*(?:\\infty|(positive |negative )?(?:infinity|inf|infinite))$/i.exec(
    withoutTextCommands(value),
  )
  if (/^\\pm\s*\\infty$/.test(value)) return parts('list', [text('∞'), text('-∞')], false)
  if (match === null) return undefined
  return text(match[1] === '-' || /^negative/i.test(match[2] ?? '') ? '-∞' : '∞')
}

/** A time of day such as 3:30, 03:30:00 or 3 PM. */
export function readTime(value: string): Answer | undefined {
  const plain = withoutTextCommands(value)
  const match =
    /^0?(\d{1,2}):(\d\d)(?::(\d\d))?\s*(?:([ap])\.?\s*m\.?)?$/i.exec(plain) ??
    /^0?(\d{1,2})()()\s*([ap])\.?\s*m\.?$/i.exec(plain)
  if (match === null) return undefined
  const [, hour, minute, second, half] = match
  return text(`time ${hour!}:${minute! || '00'}:${second || '00'} ${(half ?? '').toLowerCase()}`)
}

const bases: ReadonlyMap<string, string> = new Map(
  'two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10 twelve 12 sixteen 16'
    .match(/\S+ \S+/g)!
    .map((pair) => pair.split(' ') as [string, string]),
)

/** A numeral with its base, such as 101_2; its digits are compared, not its value. */
export function readNumeral(value: string): Answer | undefined {
  const plain = withoutTextCommands(value).replace(/\s*_\s*/g, '_')
  const match = /^(-?)\(?([0-9A-Za-z]+(?:\.[0-9A-Za-z]+)?)\)?_(\d+|[a-z]+)$/.exec(plain)
  if (match === null) return undefined
  const [, sign, digits, name] = match as unknown as readonly [string, string, string, string]
  const base = bases.get(name) ?? name
  // One letter with an index is a variable.
  if (/^[A-Za-z]$/.test(digits) || !/^\d+$/.test(base)) return undefined
  return text(`numeral ${sign}${digits.toUpperCase().replace(/^0+(?=[^.])/, '')} base ${base}`)
}

/** A letter of a multiple choice, marked as one: (A), A), A. or [A]; the letter alone is a symbol and the same. */
export function choiceLetter(value: string): string {
  return /^[([]?\s*([A-Z])\s*[)\].:]$/.exec(withoutTextCommands(value))?.[1] ?? value
}

/** TeX that writes files or defines what commands mean: no mathematics, whatever it may print. */
const programs =
  /\\(?:input|include|write|def|edef|gdef|newcommand|renewcommand|csname|immediate|catcode|openin|openout|read|loop|usepackage|documentclass|let|expandafter|special|verb|begingroup|endgroup)(?![a-zA-Z])/

/**
 * What is none of the kinds: text, without case and quotation marks.
 *
 * A command that is not read could have any value, so that what holds one is not known.
 */
export function readText(value: string): Answer {
  if (value === '\\dots') return text('…')
  if (/^\\mathbb\s*\{?\s*[NZQC]\s*\}?$/.test(value)) return text(`the set ${/[NZQC]/.exec(value)![0]}`)
  const command = [...value.matchAll(/\\([a-zA-Z]+)/g)].map(([, name]) => name!).find((name) => !isRead(name))
  if (command !== undefined && !programs.test(value)) return { kind: 'unknown', reason: `\\${command} is not read` }
  return text(
    withoutTextCommands(value)
      .toLowerCase()
      .replace(/^["']|[."']+$/g, '')
      .trim(),
  )
}

/** Words of up to three letters that are text and no product of letters; so is a capital with two small letters. */
const words = /^(?:yes|no|No|Yes|odd|all|any|one|two|six|ten|red|none|[A-Z][a-z]{1,2})$/

/** A short word, which would otherwise be read as a product of letters. */
export function readWord(value: string): Answer | undefined {
  const plain = withoutTextCommands(value)
  return words.test(plain) ||
    (/^\\text/.test(value) && /^[a-zA-Z]*[a-z][a-zA-Z]*$/.test(plain) && plain.length > 1 && plain.length < 4)
    ? readText(value)
    : undefined
}
