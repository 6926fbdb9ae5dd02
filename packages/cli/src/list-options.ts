import { InvalidArgumentError } from 'commander'
import { finite, integer, notNegative, share } from './option-parsers.js'

/** An option's increasing list of whole numbers, for instance `1,8,64`. */
export function integerList(text: string): readonly number[] {
  const values = text.split(',').map(integer(1))
  return [...new Set(values)].sort((a, b) => a - b)
}

/** An option's list of texts, for instance `model,temperature`. */
export const textList = (text: string): readonly string[] => text.split(',').map((one) => one.trim())

/** A repeated option's `field=value`, gathered by field. */
export function assignment(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [field, value] = pairOf(text, 'model=m1')
  if (Object.hasOwn(before, field)) throw new InvalidArgumentError(`${field} is given twice.`)
  return { ...before, [field]: value }
}

/** A repeated option's `tag=value`, of which one tag may have several, gathered by tag. */
export function tagValues(
  text: string,
  before: Readonly<Record<string, readonly string[]>> = {},
): Readonly<Record<string, readonly string[]>> {
  const [tag, value] = pairOf(text, 'customer=gold')
  return { ...before, [tag]: [...(before[tag] ?? []), value] }
}

/** An option's list of shares, for instance `0.05,0.5`. */
export const shares = (text: string): readonly number[] => text.split(',').map(share)

/** An option's two numbers that are not negative, for instance `0.15,0.6`. */
export function pair(text: string): readonly [number, number] {
  const [first, second, ...others] = text.split(',').map(notNegative)
  if (first !== undefined && second !== undefined && others.length === 0) return [first, second]
  throw new InvalidArgumentError('It must be two numbers, for instance 0.15,0.6.')
}

/** An option's list of what texts are worth, for instance `C=1,I=0,N=null`. */
export function worths(text: string): Readonly<Record<string, number | null>> {
  const pairs = text.split(',').map((one) => pairOf(one, 'C=1'))
  return Object.fromEntries(pairs.map(([name, worth]) => [name, worth === 'null' ? null : finite(worth)]))
}

function pairOf(text: string, example: string): readonly [string, string] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new InvalidArgumentError(`It must be of the form ${example}.`)
  return [text.slice(0, equals).trim(), text.slice(equals + 1).trim()]
}
