import { sumKey } from '../value/sum.js'
import type { Quotient } from '../value/quotient.js'
import type { Answer } from './answer.js'

/** The text that answers which are equal share; undefined where there is none. */
export function keyOf(answer: Answer): string | undefined {
  switch (answer.kind) {
    case 'value':
      return valueKey(answer.value)
    case 'labelled':
      return withLabel(keyOf(answer.answer), answer.label)
    case 'percent':
      return withLabel(valueKey(answer.value), '%')
    case 'text':
      return `"${answer.text}"`
    case 'unknown':
      return undefined
    case 'parts': {
      const keys = answer.parts.map(keyOf)
      if (keys.includes(undefined)) return undefined
      const list = answer.ordered ? keys : [...keys].sort()
      return `${answer.name} {${(answer.name === 'set' ? [...new Set(list)] : list).join('; ')}}`
    }
  }
}

const withLabel = (key: string | undefined, label: string): string | undefined =>
  key === undefined ? key : `${key} ${label}`

/** The text of a normal form; a quotient with a denominator left has several, so it has none. */
function valueKey({ top, bottom }: Quotient): string | undefined {
  return sumKey(bottom) === '1' ? sumKey(top) : undefined
}
