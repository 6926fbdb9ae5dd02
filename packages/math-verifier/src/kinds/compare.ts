import { addQuotients, negate, type Quotient } from '../value/quotient.js'
import { isZero } from '../value/is-zero.js'
import { startWork, Undecided } from '../limits/undecided.js'
import type { Answer } from './answer.js'

/** true, false, or the reason why neither is known. */
export type Equality = boolean | string

/** Whether two answers are equal; a unit or a name that only one of them states is taken as agreed. */
export function equalAnswers(a: Answer, b: Answer): Equality {
  if (a.kind === 'labelled' || b.kind === 'labelled') {
    const [left, right] = [withoutLabels(a), withoutLabels(b)]
    const conflict = [...left.labels].some(([role, label]) => (right.labels.get(role) ?? label) !== label)
    const same = equalAnswers(left.answer, right.answer)
    return same === true ? !conflict : same
  }
  if (a.kind === 'unknown' || b.kind === 'unknown') {
    const unknown = a.kind === 'unknown' ? a : b
    return unknown.kind === 'unknown' ? unknown.reason : false
  }
  if (a.kind === 'value' && b.kind === 'value') return equalValues(a.value, b.value)
  if (a.kind === 'percent' && b.kind === 'percent') return equalValues(a.value, b.value)
  if (a.kind === 'text' && b.kind === 'text') return a.text === b.text
  if (a.kind !== 'parts' || b.kind !== 'parts' || a.name !== b.name) return false
  return a.ordered && b.ordered ? inOrder(a.parts, b.parts) : asMultisets(a.parts, b.parts, a.name === 'set')
}

function withoutLabels(answer: Answer): { readonly labels: ReadonlyMap<string, string>; readonly answer: Answer } {
  const labels = new Map<string, string>()
  let inner = answer
  for (; inner.kind === 'labelled'; inner = inner.answer) labels.set(inner.role, inner.label)
  return { labels, answer: inner }
}

function equalValues(a: Quotient, b: Quotient): Equality {
  startWork()
  try {
    const difference = addQuotients(a, negate(b))
    const zero = isZero(difference.top)
    return zero ?? 'it is not known whether the difference of the two values is 0'
  } catch (error) {
    if (error instanceof Undecided) return error.message
    throw error
  }
}

function inOrder(a: readonly Answer[], b: readonly Answer[]): Equality {
  if (a.length !== b.length) return false
  const each = a.map((part, at) => equalAnswers(part, b[at]!))
  return each.includes(false) ? false : (each.find((equal) => typeof equal === 'string') ?? true)
}

/** Whether each part of one has its own equal among those of the other; in sets, one equal serves several. */
function asMultisets(a: readonly Answer[], b: readonly Answer[], set: boolean): Equality {
  if (!set && a.length !== b.length) return false
  const left = [...b]
  let reason: string | undefined
  const found = (part: Answer, among: Answer[], remove: boolean): boolean => {
    const verdicts = among.map((other) => equalAnswers(part, other))
    reason ??= verdicts.find((verdict) => typeof verdict === 'string')
    const at = verdicts.indexOf(true)
    if (at >= 0 && remove) among.splice(at, 1)
    return at >= 0
  }
  const all = a.every((part) => found(part, left, !set)) && (!set || b.every((part) => found(part, [...a], false)))
  return all ? true : (reason ?? false)
}
