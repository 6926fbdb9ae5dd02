import { split } from '../read/split.js'
import { rationalOf, sumKey, type Sum } from '../value/sum.js'
import { parts, type Answer } from './answer.js'

const relations = /\\(?:leq|geq|le|ge|neq|ne|lt|gt)(?![a-zA-Z])|[<>=]/y
const names: ReadonlyMap<string, string> = new Map([
  ['\\leq', '≤'],
  ['\\le', '≤'],
  ['\\geq', '≥'],
  ['\\ge', '≥'],
  ['\\neq', '≠'],
  ['\\ne', '≠'],
  ['\\lt', '<'],
  ['\\gt', '>'],
])
const mirrored: ReadonlyMap<string, string> = new Map([
  ['>', '<'],
  ['≥', '≤'],
])

/**
 * Reads equations, inequalities and chains of them; a letter that is a constant is that constant by its name.
 *
 * @param readSide reads what stands on a side
 * @returns undefined for what is no relation
 */
export function readRelation(value: string, readSide: (text: string) => Answer): Answer | undefined {
  const sides = split(value, relations)
  if (sides.length < 2 || sides.some((side) => side === '')) return undefined
  const signs = [...value.matchAll(new RegExp(relations.source, 'g'))].map(([sign]) => names.get(sign) ?? sign)
  if (signs.length !== sides.length - 1) return undefined
  const read = sides.map(readSide)
  const right = read[1]!
  if (
    signs.length === 1 &&
    signs[0] === '=' &&
    /^(?:[a-zA-Z]|\\[a-z]+)(?:_\{?\w+\}?)?$/.test(sides[0]!) &&
    right.kind === 'value' &&
    isConstant(right.value.top)
  )
    return { ...right, label: `${sides[0]!} =` }
  if (signs.every((sign) => sign === '=' || sign === '≠')) return parts(signs.join(' '), read, false)
  if (signs.every((sign) => mirrored.has(sign))) {
    return parts(
      signs
        .map((sign) => mirrored.get(sign)!)
        .reverse()
        .join(' '),
      [...read].reverse(),
    )
  }
  return parts(signs.join(' '), read)
}

const isConstant = (sum: Sum): boolean =>
  rationalOf(sum) !== undefined ||
  !/(?:^|[^a-z])[a-zA-Z]/.test(sumKey(sum).replace(/ln|cos|sin|[eiπ](?![a-zA-Z_])/g, ''))
