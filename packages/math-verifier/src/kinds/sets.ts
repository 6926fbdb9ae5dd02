import { split } from '../read/split.js'
import { Undecided } from '../limits/undecided.js'
import { parts, type Answer } from './answer.js'
import { equalAnswers } from './compare.js'
import { allReals, answerOf, difference, intersection, realSetOf, union, type RealSet } from './real-set.js'

type Read = (text: string) => Answer

const operators = /\\(?:cup|cap|setminus|backslash)(?![a-zA-Z])/y
const operations: Readonly<Record<string, (a: RealSet, b: RealSet) => RealSet>> = {
  '\\cup': union,
  '\\cap': intersection,
  '\\setminus': difference,
  '\\backslash': difference,
}

/** Reads `\{1, 2\}`, the empty set and the reals; undefined for what is none of them. */
export function readSet(value: string, read: Read): Answer | undefined {
  if (/^\\emptyset$|^\\text\s*\{\s*(?:the )?empty set\s*\}$|^(?:the )?empty set$/i.test(value))
    return parts('set', [], false)
  if (/^\\mathbb\s*\{?\s*R\s*\}?$|^\\R$|^(?:\\text\s*\{)?\s*all real(?: number)?s\s*\}?$/i.test(value))
    return answerOf(allReals)
  const inner = /^\\\{(.*)\\\}$/.exec(value)?.[1]
  if (inner === undefined || closesEarly(inner)) return undefined
  if (inner.trim() === '') return parts('set', [], false)
  const builder = /^([^|:]+)(?:[|:]|\\colon(?![a-zA-Z]))([^|:]+)$/.exec(inner)
  if (builder !== null) return parts('set of', [read(builder[1]!.trim()), read(builder[2]!.trim())])
  return parts('set', flattened(split(inner, /,/y).map(read)), false)
}

/** The items, with the two of an item with ± in its place. */
export const flattened = (items: readonly Answer[]): Answer[] =>
  items.flatMap((item) => (item.kind === 'parts' && item.name === 'list' && !item.ordered ? item.parts : [item]))

/** Whether the brace that opens before the text closes within it. */
function closesEarly(inner: string): boolean {
  let depth = 0
  for (const [brace] of inner.matchAll(/\\[{}]/g)) if ((depth += brace === '\\{' ? 1 : -1) < 0) return true
  return false
}

/** Reads an interval of two ends in brackets. */
export function readInterval(value: string, read: Read): Answer | undefined {
  if (!/^[([]/.test(value) || !/[)\]]$/.test(value)) return undefined
  const ends = split(value.slice(1, -1), /,/y)
  return ends.length === 2 ? parts(`interval ${value[0]!}${value.at(-1)!}`, ends.map(read)) : undefined
}

/** Reads unions, intersections and differences of sets, from left to right; undefined for what has none of these. */
export function readSetExpression(value: string, read: Read): Answer | undefined {
  const operands = split(value, operators)
  if (operands.length < 2) return undefined
  const signs = operatorsOf(value, operands)
  const answers = operands.map((part) => readSet(part, read) ?? readInterval(part, read) ?? read(part))
  try {
    return answers.reduce((left, right, at) => combined(signs[at - 1]!, left, right))
  } catch (error) {
    if (error instanceof Undecided) return { kind: 'unknown', reason: error.message }
    throw error
  }
}

function operatorsOf(value: string, operands: readonly string[]): string[] {
  let from = 0
  return operands.slice(0, -1).map((operand) => {
    const start = value.indexOf(operand, from) + operand.length
    const [sign] = /\\(?:cup|cap|setminus|backslash)/.exec(value.slice(start))!
    from = start + sign.length
    return sign
  })
}

function combined(sign: string, a: Answer, b: Answer): Answer {
  const [left, right] = [realSetOf(a), realSetOf(b)]
  if (left !== undefined && right !== undefined) return answerOf(operations[sign]!(left, right))
  if (a.kind !== 'parts' || b.kind !== 'parts' || a.name !== 'set' || b.name !== 'set') {
    if (sign === '\\cup') return parts('union', [a, b], false)
    throw new Undecided(`${sign} of what is no set of numbers`)
  }
  if (sign === '\\cup') return parts('set', [...a.parts, ...b.parts], false)
  const isIn = (item: Answer): boolean => {
    const equal = b.parts.map((other) => equalAnswers(item, other))
    const unknown = equal.find((verdict) => typeof verdict === 'string')
    if (!equal.includes(true) && unknown !== undefined) throw new Undecided(unknown)
    return equal.includes(true)
  }
  return parts(
    'set',
    a.parts.filter((item) => isIn(item) === (sign === '\\cap')),
    false,
  )
}
