import { multiply, whole } from '../value/quotient.js'
import { integer } from '../value/sum.js'
import { labelled, parts, type Answer } from './answer.js'
import { readValue } from './read-value.js'
import { scales, unitOf } from './units.js'

const currency = String.raw`\\?\$|€|£|¥|₹|¢|\\text\s*\{\s*\\?[$€£¥₹]\s*\}|(?:USD|EUR|GBP)(?=\s)`
const prefixed = new RegExp(String.raw`^([-+]?)\s*(${currency})\s*(.+)$`)
const suffixed = new RegExp(String.raw`^(.+?)\s*(${currency})$`)
const spelled = /^(.+?)\s*\\text\s*\{([^{}]*)\}\s*((?:\^\s*\{?-?\d\}?)?)$/
const worded =
  /^([-+]?[\d.,/ ]*\d(?:[eE][-+]?\d+)?)\s*((?<=\s)[a-zA-Z][a-zA-Z /^\d{}-]+|(?:[ckm]m|[km]g|ml|lbs?|oz|ft|[mk]ph|hrs?|mins?|secs?|[a-z]{4,})(?:\^\s*\{?[23]\}?)?)$/
const signed =
  /^([^a-zA-Z\\]+|[^a-zA-Z]*\\frac[^a-zA-Z]*)\s*(\\degree|\\Omega)\s*((?:\\text\s*\{\s*[CFK]\s*\}|[CFK])?)$/
/** Words of a unit in several pieces: `\text{m} \cdot \text{s}^{-1}`, `\text{m}/\text{s}`. */
const pieces = /^([^a-zA-Z]*?)\s*((?:\\text\s*\{[^{}]*\}(?:\s*\^\s*\{?-?\d\}?)?\s*(?:\/|\*)?\s*){2,})$/

/** A unit below another one. */
const fraction = /\\frac\s*\{\s*\\text\s*\{([^{}]*)\}\s*\}\s*\{\s*\\text\s*\{([^{}]*)\}\s*\}/g

/** A value with a currency before it or a unit after it; undefined for what is neither. */
export function readQuantity(given: string): Answer | undefined {
  const value = given.replace(fraction, '\\text{$1/$2}')
  const money = prefixed.exec(value)
  if (money !== null) return withUnit(`${money[1]!}${money[3]!}`, money[2]!)
  const coins = suffixed.exec(value)
  if (coins !== null) return withUnit(coins[1]!, coins[2]!)
  const angle = signed.exec(value)
  if (angle !== null) return withUnit(angle[1]!, `${angle[2]!.replace('\\degree', 'degree')} ${plain(angle[3]!)}`)
  const compound = readCompound(value)
  if (compound !== undefined) return compound
  const several = pieces.exec(value)
  if (several !== null) return withUnit(several[1]!, plain(several[2]!))
  const unit = spelled.exec(value) ?? worded.exec(value)
  return unit === null ? undefined : withUnit(unit[1]!, `${unit[2]!}${unit[3] ?? ''}`)
}

/** 1 h 30 min, as quantities in order; their sum is formed where units are converted. */
function readCompound(value: string): Answer | undefined {
  const terms =
    plain(value)
      .trim()
      .match(/\d+(?:\.\d+)?\s*[a-zA-Z]+/g) ?? []
  if (terms.length < 2 || terms.join('').replace(/\s/g, '') !== plain(value).replace(/\s/g, '')) return undefined
  const list = terms.map((term) => withUnit(term.replace(/\s*[a-zA-Z]+$/, ''), term.replace(/^[\d.\s]+/, '')))
  return list.every((item) => item?.kind === 'labelled') ? parts('measure', list) : undefined
}

const plain = (text: string): string => text.replace(/\\text\s*|[\\{}*]/g, ' ')

function withUnit(number: string, words: string): Answer | undefined {
  const [first = '', ...rest] = plain(words).trim().toLowerCase().split(/\s+/)
  const scale = scales.get(first)
  const label = unitOf(scale === undefined ? plain(words) : rest.join(' '))
  if (label === undefined && (scale === undefined || rest.length > 0)) return undefined
  const read = readScaled(number.trim())
  if (read?.kind !== 'value') return undefined
  const answer = times(read, scale ?? 1n)
  return label === undefined ? answer : labelled('unit', label, answer)
}

/** A number, which may have a scale of its own: 5 million. */
function readScaled(number: string): Answer | undefined {
  const match = /^(.*\d)\s*(?:\\text\s*\{\s*)?([a-z]+)\s*\}?$/.exec(number)
  const scale = scales.get(match?.[2] ?? '')
  if (match === null || scale === undefined) return readValue(number)
  const read = readValue(match[1]!)
  return read?.kind === 'value' ? times(read, scale) : undefined
}

const times = (answer: Extract<Answer, { kind: 'value' }>, scale: bigint): Answer => ({
  kind: 'value',
  value: multiply(answer.value, whole(integer(scale))),
})
