import { normalise } from '../read/normalise.js'
import { isWrapped, split } from '../read/split.js'
import { limits } from '../limits/undecided.js'
import { parts, type Answer } from './answer.js'
import { choiceLetter, readInfinity, readNumeral, readText, readTime, readWord } from './plain.js'
import { readQuantity } from './quantity.js'
import { readValue } from './read-value.js'
import { readRelation } from './relation.js'
import { flattened, readInterval, readSet, readSetExpression } from './sets.js'

/** Reads an answer: each kind in turn, text where it is none. */
export function readAnswer(given: string): Answer {
  if (given.length > limits.characters)
    return { kind: 'unknown', reason: `it has more than ${limits.characters} characters` }
  // Two boxes are two answers, and no product.
  if ((given.match(/\\f?boxed/g)?.length ?? 0) > 1 && !/^\W*\\f?boxed\s*\{\s*\\f?boxed/.test(given))
    return readText(given)
  return readNormal(choiceLetter(normalise(given)), 0)
}

/** One of what an answer may be; undefined where it is not. */
type Read = (value: string, read: (part: string) => Answer) => Answer | undefined

function readNormal(value: string, depth: number): Answer {
  if (depth > 20) return { kind: 'unknown', reason: 'it is too deep' }
  const part = (inner: string): Answer => readNormal(choiceLetter(inner), depth + 1)
  for (const read of kinds) {
    const answer = read(value, part)
    if (answer !== undefined) return answer
  }
  return readText(value)
}

/** `\text{5 cm}` is what it says. */
const numberInText: Read = (value, read) => {
  const inner = /^\\text\s*\{\s*(\\?[$\d][^{}]*|[^{}]*,[^{}]*)\}$/.exec(value)?.[1]
  return inner === undefined ? undefined : read(inner.trim())
}

const percent: Read = (value) => {
  const inner = /^(.*?)\s*(?:\\?%|\\text\s*\{\s*(?:per ?cent|%|\\%)\s*\}|per ?cent)$/.exec(value)?.[1]
  const read = inner === undefined ? undefined : readValue(inner)
  return read?.kind === 'value' ? { kind: 'percent', value: read.value } : undefined
}

const bracketed: Read = (value, read) => {
  const vector = /^\\langle(.*)\\rangle$/.exec(value)?.[1]
  if (vector !== undefined) return parts('vector', split(vector, /,/y).map(read))
  if (!/^[([].*[)\]]$/.test(value)) return undefined
  // The brackets of a half-open interval do not match each other.
  const half = /^\(.*\]$|^\[.*\)$/.test(value) && !isWrapped(value)
  if (!half && !isWrapped(value)) return undefined
  const list = split(value.slice(1, -1), /,/y)
  if (list.length < 2 || list.includes('')) return undefined
  if (list.some((item) => /^0\d\d$/.test(item)))
    return { kind: 'unknown', reason: 'its commas may separate entries or thousands' }
  if (list.length === 2) return readInterval(value, read)
  return parts(value.startsWith('(') && value.endsWith(')') ? 'tuple' : 'brackets', list.map(read))
}

const thousands = /(?<![\d.,])(\d{1,3}(?:,\d{3})+)(?!\d|,\d)/g
const spacedThousands = /^([-+]?)(\d{1,3}(?: \d{3})+)((?:\.\d+)?)$/

const list: Read = (value, read) => {
  // Commas between groups of three digits separate thousands, unless a bracket is around them.
  const text = /[([{]/.test(value) ? value : value.replace(thousands, (number) => number.replaceAll(',', ''))
  const spelled = text.replace(/,?\s*\\text\s*\{[\s,]*(and|or)\s*\}/g, ' $1 ')
  const items = split(spelled, /\s*,\s*(?:and|or)\s+|\s*,\s*|\s+(?:and|or)\s+/y).filter((item) => item !== '')
  if (items.length < 2) return undefined
  const answers = items.map(read)
  const or = /\sor\s/.test(spelled)
  if ((or || /\sand\s/.test(spelled)) && answers.every(({ kind }) => kind === 'text')) return undefined
  const all = flattened(answers)
  if (answers.some((item) => item.kind === 'parts' && /[<≤≠]/.test(item.name)))
    return parts(or ? 'list or' : 'list', all, false)
  return parts('list', all, !/=/.test(value) && all.length === answers.length)
}

const ratio: Read = (value, read) => {
  const terms = /^[\d\s.:]+$/.test(value) ? value.split(':') : []
  return terms.length < 2
    ? undefined
    : parts(
        'ratio',
        terms.map((term) => read(term.trim())),
      )
}

const kinds: readonly Read[] = [
  numberInText,
  readInfinity,
  readTime,
  readNumeral,
  readWord,
  percent,
  readQuantity,
  readSet,
  readSetExpression,
  bracketed,
  list,
  readRelation,
  ratio,
  (value) => readValue(value.replace(spacedThousands, (number) => number.replaceAll(' ', ''))),
]
