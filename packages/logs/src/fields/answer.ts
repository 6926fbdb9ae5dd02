import type { Canonical } from './canonical.js'

/** Texts that stand for no answer where the log's owner says nothing else: what parsers write for no match. */
export const BLANKS: readonly string[] = ['', '[invalid]', '[no answer]', '[no match]', '[unparsed]']

/** How answers are read. */
export interface AnswerRules {
  /** Texts that are no answer, whatever their case (default: empty, and what parsers write for no match). */
  readonly blanks?: readonly string[] | undefined
  /** Which answers are one (default `none`: those of the same text). */
  readonly canonical?: Canonical | undefined
}

/** The key of an answer: its text; a list as JSON. Undefined for what is no answer at all. */
export function keyOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return isKeyList(value) ? JSON.stringify(value) : undefined
}

/** Objects are no keys: their fields have no order. */
const isKeyList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => item === null || typeof item !== 'object' || isKeyList(item))

/** Whether an answer's text stands for none. */
export function standsForNone(key: string, { blanks = BLANKS }: AnswerRules): boolean {
  if (key.length > LONGEST) return key.trim() === '' && blanks.includes('')
  return formsOf(blanks).has(plain(key))
}

const plain = (text: string): string => text.trim().toLowerCase()

/** Lists of blanks as they are compared, each made once: they are looked at for every answer. */
const forms = new WeakMap<readonly string[], ReadonlySet<string>>()

function formsOf(blanks: readonly string[]): ReadonlySet<string> {
  const known = forms.get(blanks) ?? new Set(blanks.map(plain))
  forms.set(blanks, known)
  return known
}

/** Characters of a longer answer are only looked at for being none at all. */
const LONGEST = 100
