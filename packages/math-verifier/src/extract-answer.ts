import { invalidArgument } from '@posttrain/core'

/** A rule by which an answer is found: by its name, or the first group of the last match of an expression. */
export type ExtractionRule = 'hashes' | 'boxed' | 'answer-is' | 'last-number' | RegExp

type NamedRule = Exclude<ExtractionRule, RegExp>

/** An answer with the rule that found it, or why there is none. */
export type Extraction =
  { readonly answer: string; readonly rule: ExtractionRule } | { readonly answer: undefined; readonly reason: string }

const number = /[-+−]?(?:[$€£]\s*)?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\/\d+)?%?/g

const finders: Readonly<Record<NamedRule, (text: string) => string[]>> = {
  hashes: (text) => [...text.matchAll(/^#### (.+)$/gm)].map((match) => match[1]!.trim()),
  boxed: boxes,
  'answer-is': (text) =>
    [...text.matchAll(/\banswer(?:\s+is\b|\s*[:=])\s*[:=]?\s*([^\n]+?)(?:\.(?=\s|$)|$)/gim)]
      .slice(-1)
      .map((match) => match[1]!.trim()),
  'last-number': (text) => [...text.matchAll(number)].slice(-1).map((match) => match[0]),
}

/** All rules, in the order in which they are tried. */
export const extractionRules: readonly NamedRule[] = ['hashes', 'boxed', 'answer-is', 'last-number']

/**
 * The answer that a completion gives, by the first rule that finds one.
 *
 * The rules: after `#### `; in `\boxed{…}`; after "answer is"; the last number. Two different boxes are no answer.
 *
 * @throws PosttrainError `invalid-argument` for a rule that is not known and a completion that is no text.
 * @example
 * ```ts
 * extractAnswer('So \\boxed{\\frac{1}{2}}.') // => { answer: '\\frac{1}{2}', rule: 'boxed' }
 * ```
 */
export function extractAnswer(text: string, rules: readonly ExtractionRule[] = extractionRules): Extraction {
  if (typeof (text as unknown) !== 'string')
    throw invalidArgument(`the completion must be a text, but is ${typeof text}`)
  for (const rule of rules) {
    const found = [...new Set(finderOf(rule)(text))]
    if (found.length > 1) return { answer: undefined, reason: `${found.length} different answers by the rule ${rule}` }
    if (found.length === 1) return { answer: found[0]!, rule }
  }
  return { answer: undefined, reason: `no answer by ${rules.map(String).join(', ')}` }
}

function finderOf(rule: ExtractionRule): (text: string) => string[] {
  if (rule instanceof RegExp) {
    const all = new RegExp(rule.source, [...new Set(`${rule.flags}g`)].join(''))
    return (text) => [...text.matchAll(all)].slice(-1).map((match) => (match[1] ?? match[0]).trim())
  }
  if (extractionRules.includes(rule)) return finders[rule]
  throw invalidArgument(
    `${JSON.stringify(rule)} is no rule of extraction`,
    `give ${extractionRules.join(', ')}, or a regular expression`,
  )
}

/** The contents of all boxes, with nested braces. */
function boxes(text: string): string[] {
  const found: string[] = []
  for (const match of text.matchAll(/\\f?boxed\s*\{/g)) {
    const from = match.index + match[0].length
    let depth = 1
    let at = from
    for (; at < text.length && depth > 0; at++) {
      if (text[at] === '\\') at++
      else if (text[at] === '{') depth++
      else if (text[at] === '}') depth--
    }
    if (depth === 0) found.push(text.slice(from, at - 1).trim())
  }
  return found
}
