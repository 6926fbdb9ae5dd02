import { normalise, withoutTextCommands } from '../read/normalise.js'
import { isWrapped, split } from '../read/split.js'
import { limits } from '../limits/undecided.js'
import { parts, type Answer } from './answer.js'
import { unitLabel } from './labels.js'
import { readMatrix } from './matrix.js'
import { readValue } from './read-value.js'
import { readRelation } from './relation.js'
import { joined } from './union.js'

/** Reads an answer: each kind in turn, text where it is none. */
export function readAnswer(given: string): Answer {
  if (given.length > limits.characters)
    return { kind: 'unknown', reason: `it has more than ${limits.characters} characters` }
  return readNormal(normalise(given), 0)
}

const text = (value: string): Answer => ({
  kind: 'text',
  text: withoutTextCommands(value).toLowerCase().replace(/[.]+$/, '').trim(),
})

/** One of what an answer may be; undefined where it is not. */
type Read = (value: string, depth: number) => Answer | undefined

function readNormal(value: string, depth: number): Answer {
  if (depth > 20) return { kind: 'unknown', reason: 'it is too deep' }
  for (const read of kinds) {
    const answer = read(value, depth + 1)
    if (answer !== undefined) return answer
  }
  return text(value)
}

const infinity: Read = (value) => {
  const sign = /^([+-]?)\s*(?:\\infty|(?:\\text\s*\{)?\s*infinity\s*\}?)$/i.exec(value)?.[1]
  return sign === undefined ? undefined : { kind: 'text', text: sign === '-' ? '-∞' : '∞' }
}

const time: Read = (value) => {
  const match = /^0?(\d{1,2}):(\d\d)(?::(\d\d))?\s*(?:([ap])\.?\s*m\.?)?$/i.exec(withoutTextCommands(value))
  if (match === null) return undefined
  return { kind: 'text', text: `time ${match[1]!}:${match[2]!}:${match[3] ?? '00'} ${(match[4] ?? '').toLowerCase()}` }
}

const baseNumeral: Read = (value) => {
  const match = /^([0-9A-Z]+)\s*_\s*(\d+)$/.exec(withoutTextCommands(value).replace(/_ /g, '_'))
  if (match === null || (match[1]!.length === 1 && /[A-Z]/.test(match[1]!))) return undefined
  return { kind: 'text', text: `numeral ${match[1]!.replace(/^0+(?=.)/, '')} base ${match[2]!}` }
}

const percent: Read = (value) => {
  const inner = /^(.*?)\s*(?:\\?%|\\text\s*\{\s*(?:percent|%|\\%)\s*\}|percent)$/.exec(value)?.[1]
  const read = inner === undefined ? undefined : readValue(inner)
  return read?.kind === 'value' ? { kind: 'percent', value: read.value } : undefined
}

/** A value with a currency before it or a unit after it. */
const quantity: Read = (value) => {
  const currency = /^(\\?\$|€|£|\\text\s*\{\s*[$€£]\s*\})\s*(.+)$/.exec(value)
  const unit =
    /^(.+?)\s*\\text\s*\{([^{}]*)\}\s*(\^\s*\{?[23]\}?)?$/.exec(value) ??
    /^([-+]?[\d.,/ ]*\d)\s+([a-zA-Z][a-zA-Z /]+?)\s*(\^\s*\{?[23]\}?)?$/.exec(value) ??
    /^([^a-zA-Z\\]+|[^a-zA-Z]*\\frac[^a-zA-Z]*)\\(degree)\s*()$/.exec(value)
  const label =
    currency === null
      ? unit === null
        ? undefined
        : unitLabel(`${unit[2]!}${(unit[3] ?? '').replace(/[{}\s]/g, '')}`)
      : currency[1]!.replace(/\\text\s*|[\\{} ]/g, '')
  if (label === undefined) return undefined
  const read = readValue((currency === null ? unit![1]! : currency[2]!).trim())
  return read?.kind === 'value' && read.label === undefined ? { ...read, label } : undefined
}

const set: Read = (value, depth) => {
  if (/^\\(?:emptyset|varnothing)$/.test(value)) return parts('set', [], false)
  if (/^\\mathbb\s*\{?R\}?$/.test(value)) return joined([readInterval('(-\\infty,\\infty)', depth)!])
  const inner = /^\\\{(.*)\\\}$/.exec(value)?.[1]
  if (inner === undefined || inner.includes('\\{')) return undefined
  if (inner.trim() === '') return parts('set', [], false)
  return parts(
    'set',
    split(inner, /,/y).map((part) => readNormal(part, depth)),
    false,
  )
}

const union: Read = (value, depth) => {
  const list = split(value, /\\cup(?![a-zA-Z])/y)
  return list.length < 2
    ? undefined
    : joined(list.map((part) => set(part, depth) ?? readInterval(part, depth) ?? readNormal(part, depth)))
}

function readInterval(value: string, depth: number): Answer | undefined {
  if (!/^[([]/.test(value) || !/[)\]]$/.test(value)) return undefined
  const ends = split(value.slice(1, -1), /,/y)
  if (ends.length !== 2) return undefined
  return parts(
    `interval ${value[0]!}${value.at(-1)!}`,
    ends.map((part) => readNormal(part, depth)),
  )
}

const bracketed: Read = (value, depth) => {
  const vector = /^\\langle(.*)\\rangle$/.exec(value)?.[1]
  if (vector !== undefined)
    return parts(
      'vector',
      split(vector, /,/y).map((part) => readNormal(part, depth)),
    )
  const half = /^[([].*[)\]]$/.test(value) && /^\(.*\]$|^\[.*\)$/.test(value) && !isWrappedLoosely(value)
  if (!half && !isWrappedLoosely(value)) return undefined
  const list = split(value.slice(1, -1), /,/y)
  if (list.length < 2) return undefined
  if (list.some((part) => /^0\d\d$/.test(part)))
    return { kind: 'unknown', reason: 'its commas may separate entries or thousands' }
  const round = value.startsWith('(') && value.endsWith(')')
  if (list.length === 2 && (!round || list.some((part) => part.includes('\\infty'))))
    return joined([readInterval(value, depth)!])
  return parts(
    round ? 'tuple' : 'brackets',
    list.map((part) => readNormal(part, depth)),
  )
}

/** Whether the first bracket closes at the end, round and square brackets being one kind. */
const isWrappedLoosely = (value: string): boolean => /^[([]/.test(value) && /[)\]]$/.test(value) && isWrapped(value)

const list: Read = (value, depth) => {
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(value)) return undefined
  const items = split(
    value.replace(/\\text\s*\{\s*(and|or)\s*\}/g, ' $1 '),
    /\s*,\s*(?:and|or)\s+|\s*,\s*|\s+(?:and|or)\s+/y,
  ).filter((part) => part !== '')
  if (items.length < 2) return undefined
  const read = items.map((part) => readNormal(part, depth))
  if (/\s(?:or|and)\s/.test(value) && read.every(({ kind }) => kind === 'text')) return undefined
  return parts('list', read, !/=/.test(value))
}

const relation: Read = (value, depth) => readRelation(value, (side) => readNormal(side, depth))

const matrix: Read = (value, depth) => readMatrix(value, (cell) => readNormal(cell, depth))

const expression: Read = (value) => readValue(value)

/** `\text{5 cm}` is what it says. */
const numberInText: Read = (value, depth) => {
  const inner = /^\\text\s*\{\s*(\d[^{}]*)\}$/.exec(value)?.[1]
  return inner === undefined ? undefined : readNormal(inner, depth)
}

const kinds: readonly Read[] = [
  numberInText,
  infinity,
  time,
  baseNumeral,
  percent,
  quantity,
  set,
  union,
  bracketed,
  matrix,
  list,
  relation,
  expression,
]
