import { split } from '../read/split.js'
import { variableNames } from '../value/is-zero.js'
import { labelled, parts, type Answer } from './answer.js'

const relations = /\\(?:le|ge|ne|lt|gt|in|equiv)(?![a-zA-Z])|[<>=]/y
const names: ReadonlyMap<string, string> = new Map([
  ['\\le', '≤'],
  ['\\ge', '≥'],
  ['\\ne', '≠'],
  ['\\lt', '<'],
  ['\\gt', '>'],
  ['\\in', '∈'],
  ['\\equiv', '≡'],
])
const mirrored: ReadonlyMap<string, string> = new Map([
  ['>', '<'],
  ['≥', '≤'],
])

/** A letter, an angle, a word in \text{} or several letters in brackets: what an answer may be named by. */
const name =
  /^(?:[a-zA-Z]|\\[a-z]+|(?:m\s*)?\\angle\s*[A-Z]{1,3}|\\text\s*\{[a-zA-Z ]+\}|\((?:\s*[a-zA-Z]\s*,)+\s*[a-zA-Z]\s*\))(?:_\{?\w+\}?)?$/

/**
 * Reads equations, inequalities and chains of them; a name that is a constant is that constant with its name.
 *
 * @param readSide reads what stands on a side
 * @returns undefined for what is no relation
 */
export function readRelation(value: string, readSide: (text: string) => Answer): Answer | undefined {
  const modulus = /\s*(?:\\pmod\s*\{?(\w+)\}?|\(\s*(?:\\bmod|mod)\s*(\w+)\s*\))$/.exec(value)
  const text = modulus === null ? value : value.slice(0, modulus.index)
  const sides = split(text, relations)
  if (sides.length < 2 || sides.some((side) => side === '')) return undefined
  const signs = [...text.matchAll(new RegExp(relations.source, 'g'))].map(([sign]) => names.get(sign) ?? sign)
  if (signs.length !== sides.length - 1) return undefined
  if (modulus !== null && signs.some((sign) => sign !== '≡' && sign !== '=')) return undefined
  const read = sides.map(readSide)
  if (modulus !== null) return parts(`≡ mod ${modulus[1] ?? modulus[2]!}`, read, false)
  if (signs.length === 1) {
    const named = signs[0] === '=' || signs[0] === '∈' ? withName(signs[0], sides, read) : undefined
    if (named !== undefined) return named
    const split = withoutPlusMinus(signs[0]!, read)
    if (split !== undefined) return split
  }
  if (signs.every((sign) => '=≠≡'.includes(sign))) return parts(signs.join(' '), read, false)
  if (signs.every((sign) => mirrored.has(sign))) {
    const turned = signs.map((sign) => mirrored.get(sign)!).reverse()
    return parts(turned.join(' '), [...read].reverse())
  }
  return parts(signs.join(' '), read)
}

/** y = ±f says y = f or y = −f. */
function withoutPlusMinus(sign: string, [left, right]: readonly Answer[]): Answer | undefined {
  if (sign !== '=' || right?.kind !== 'parts' || right.name !== 'list' || right.ordered) return undefined
  const equations = right.parts.map((part) => parts('=', [left!, part], false))
  return parts('list', equations, false)
}

function withName(sign: string, sides: readonly string[], read: readonly Answer[]): Answer | undefined {
  const at = [0, 1].find(
    (side) => name.test(sides[side]!) && isConstant(read[1 - side]!) && (sign === '=' || side === 0),
  )
  if (at === undefined) return undefined
  const label = `${sides[at]!.replace(/\s+/g, '')} ${sign}`
  const answer = read[1 - at]!
  // x = ±3 says x = 3 or x = −3.
  if (answer.kind === 'parts' && answer.name === 'list')
    return { ...answer, parts: answer.parts.map((part) => labelled('name', label, part)) }
  return labelled('name', label, answer)
}

function isConstant(answer: Answer): boolean {
  if (answer.kind === 'value' || answer.kind === 'percent') return variableNames(answer.value.top).size === 0
  if (answer.kind === 'labelled') return isConstant(answer.answer)
  if (answer.kind === 'parts') return answer.parts.every(isConstant)
  return answer.kind === 'text' && answer.text.endsWith('∞')
}
