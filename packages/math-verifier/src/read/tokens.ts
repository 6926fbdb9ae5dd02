import { rational, type Rational } from '@posttrain/rewards'
import { limits, Undecided } from '../limits/undecided.js'
import { functionNames } from './function-names.js'

export type Token =
  | { readonly kind: 'number'; readonly value: Rational; readonly natural: boolean }
  | { readonly kind: 'command' | 'letter' | 'word' | 'sign'; readonly text: string }
  | { readonly kind: 'space'; readonly text: ' ' }

const pattern =
  /(?<repeating>\d*\.\d*\\overline\{\d+\})|\\(?<edge>begin|end)\s*\{(?<environment>\w+)\}(?:\s*\{[lcr|]*\})?|(?<number>\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|\\(?<command>[a-zA-Z]+|[{}|%\\])|(?<word>[a-zA-Z]+)|(?<sign>[-+*/^_!|(){}[\],=<>&:])|(?<space>\s+)/gy

/** What plain text writes by its name. */
const words = new Set([...functionNames, 'sqrt', 'pi', 'binom'])

/** The tokens of a normalised expression. @throws Undecided for a sign that is not mathematics, or a word. */
export function tokens(text: string): Token[] {
  const found: Token[] = []
  pattern.lastIndex = 0
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex
    const groups = pattern.exec(text)?.groups
    if (groups === undefined) throw new Undecided(`${JSON.stringify(text[at])} is not mathematics`)
    const { repeating, edge, environment, number, command, word, sign, space } = groups
    if (repeating !== undefined) found.push({ kind: 'number', value: repeatingDecimal(repeating), natural: false })
    else if (edge !== undefined) found.push({ kind: 'command', text: environmentMark(edge, environment!) })
    else if (number !== undefined) found.push({ kind: 'number', value: decimal(number), natural: /^\d+$/.test(number) })
    else if (command !== undefined) found.push({ kind: 'command', text: command })
    else if (word !== undefined) found.push(...letters(word))
    else if (sign !== undefined) found.push({ kind: 'sign', text: sign })
    else if (space !== undefined) found.push({ kind: 'space', text: ' ' })
  }
  return found
}

/** The start or the end of a matrix; between bars it is a determinant. */
function environmentMark(edge: string, name: string): string {
  if (!/^(?:[pbBvV]|small)?matrix$|^array$/.test(name)) throw new Undecided(`the environment ${name} is not read`)
  return edge === 'begin' && name === 'vmatrix' ? 'determinant' : edge
}

function letters(word: string): Token[] {
  if (words.has(word)) return [{ kind: 'command', text: word }]
  if (word.length > 3) throw new Undecided(`${JSON.stringify(word)} is a word`)
  return [...word].map((text) => ({ kind: 'letter', text }))
}

function decimal(text: string): Rational {
  const match = /^(\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text.replace(/,/g, ''))!
  const places = BigInt(match[2]?.length ?? 0)
  const exponent = BigInt(match[3] ?? 0) - places
  if (exponent > BigInt(limits.characters) || exponent < -BigInt(limits.characters))
    throw new Undecided('the exponent of a number is out of the limits')
  const digits = BigInt((match[1] ?? '') + (match[2] ?? ''))
  return exponent < 0n ? rational(digits, 10n ** -exponent) : rational(digits * 10n ** exponent)
}

/** a.b(c) = (abc − ab) / (10^|b| (10^|c| − 1)). */
function repeatingDecimal(text: string): Rational {
  const [, whole, before, repeated] = /^(\d*)\.(\d*)\\overline\{(\d+)\}$/.exec(text)!
  const first = BigInt(`0${whole!}${before!}`)
  const all = BigInt(`0${whole!}${before!}${repeated!}`)
  return rational(all - first, 10n ** BigInt(before!.length) * (10n ** BigInt(repeated!.length) - 1n))
}
