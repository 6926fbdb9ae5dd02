import { addQuotients, negate, type Quotient } from '../value/quotient.js'
import { isZero } from '../value/is-zero.js'
import { Undecided } from '../limits/undecided.js'
import type { Answer } from './answer.js'
import { keyOf } from './key.js'

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

/** The most pairs of parts without a common key that are compared. */
const mostPairs = 10_000

/** Whether each part of one has its own equal among those of the other; in sets, one equal serves several. */
function asMultisets(a: readonly Answer[], b: readonly Answer[], set: boolean): Equality {
  if (!set && a.length !== b.length) return false
  const [left, right] = withoutCommonKeys(a, b, set)
  if (!set && left.length !== right.length) return false
  if (left.length * right.length > mostPairs) return 'there are too many parts'
  const rows = left.map((part) => (set ? b : right).map((other) => equalAnswers(part, other)))
  const columns = right.map((part) => (set ? a : left).map((other) => equalAnswers(part, other)))
  // A part that certainly has no equal decides, whatever is not known of others.
  if ([...rows, ...columns].some((verdicts) => verdicts.every((verdict) => verdict === false))) return false
  const all = set ? [...rows, ...columns].every((verdicts) => verdicts.includes(true)) : areMatched(rows)
  return all || ([...rows, ...columns].flat().find((verdict) => typeof verdict === 'string') ?? false)
}

/** Whether each row has an equal of its own. */
function areMatched(rows: readonly (readonly Equality[])[]): boolean {
  const taken = new Set<number>()
  return rows.every((verdicts) => {
    const at = verdicts.findIndex((verdict, column) => verdict === true && !taken.has(column))
    taken.add(at)
    return at >= 0
  })
}

/** The parts of both whose keys the other has not, or not as often; equal keys prove that answers are equal. */
function withoutCommonKeys(a: readonly Answer[], b: readonly Answer[], set: boolean): readonly [Answer[], Answer[]] {
  const count = (list: readonly Answer[]): Map<string, number> => {
    const counts = new Map<string, number>()
    for (const key of list.map(keyOf)) if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1)
    return counts
  }
  const unmatched = (list: readonly Answer[], counts: Map<string, number>): Answer[] =>
    list.filter((part) => {
      const key = keyOf(part)
      const times = (key === undefined ? undefined : counts.get(key)) ?? 0
      if (times > 0 && !set) counts.set(key!, times - 1)
      return times === 0
    })
  return [unmatched(a, count(b)), unmatched(b, count(a))]
}
