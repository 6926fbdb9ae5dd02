import { rationalOf } from './rational.js'

/**
 * Which answers are one: those of the same text (`none`); those that differ only in case and spaces (`text`); also in
 * how a number is written (`number`: 1,000 and 1000.0); also in how mathematics is set (`math`: \frac{1}{2}, $0.5$ and
 * 1/2).
 */
export type Canonical = 'none' | 'text' | 'number' | 'math'

/** Longer answers are texts, whatever is asked. */
const LONGEST = 1000
const GROUPED = /^([+-]?)(\d{1,3}(?:,\d{3})+)(\.\d*)?$/

/** The one spelling of an answer. */
export function canonicalOf(answer: string, form: Canonical): string {
  if (form === 'none') return answer
  const text = answer.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
  if (form === 'text' || text.length > LONGEST) return text
  if (form === 'math') {
    const plain = withoutSetting(text)
    return rationalOf(ungrouped(plain), true) ?? plain
  }
  const amount = text.replace(/^([+-]?) ?[$€£] ?/, '$1')
  return rationalOf(ungrouped(amount), false) ?? text
}

const ungrouped = (text: string): string => (GROUPED.test(text) ? text.replaceAll(',', '') : text)

/** A formula without what only sets it: delimiters, spaces, sizes, and the box around a result. */
function withoutSetting(text: string): string {
  let plain = text
    .replace(/^\\\[(.*)\\\]$|^\\\((.*)\\\)$|^\$+([^$]*)\$+$/s, '$1$2$3')
    .replace(/\\(left|right|displaystyle|[,;:! ])/g, '')
    .replace(/\\[dt]frac/g, '\\frac')
    .replace(/\\%/g, '%')
    .replace(/\\\$/g, '$')
    .trim()
  for (let before = ''; before !== plain;) {
    before = plain
    plain = plain
      .replace(/^\\(?:boxed|text|mathrm|mbox)\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}$/, '$1')
      .replace(/^\\?\$ ?/, '')
      .replace(/\.$/, '')
      .trim()
  }
  return plain
    .replace(/\\frac\{([^{}]*)\}\{([^{}]*)\}/g, (_, above: string, below: string) => `${part(above)}/${part(below)}`)
    .replace(/ /g, '')
    .replace(/^[a-z]=/, '')
}

const part = (text: string): string => (/^[\w.]*$/.test(text.trim()) ? text.trim() : `(${text.trim()})`)
