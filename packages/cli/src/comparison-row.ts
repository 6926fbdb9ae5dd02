import { invalidData, quoted, shown } from '@posttrain/core'
import { fieldAt, type RowFields } from '@posttrain/logs'
import type { PairedComparison } from '@posttrain/rewards'

/** What rows of comparisons look like, for help and hints. */
export const COMPARISON_SHAPES =
  'a row is {winner, loser, count?}, or {model_a, model_b, winner} with winner model_a, model_b or tie'

/** What the fields of a row are called. */
export interface ComparisonFields {
  /** How often (default `count`, and once where a row has none). */
  readonly count?: string | undefined
  /** The item that has the home advantage (default: none is read). */
  readonly home?: string | undefined
}

const TIES: readonly unknown[] = ['tie', 'tie (bothbad)']

/**
 * The comparison that a row is.
 *
 * @param where file and line, for messages
 * @throws PosttrainError `invalid-data` saying where and what
 */
export function comparisonOf(fields: RowFields, where: string, names: ComparisonFields = {}): PairedComparison {
  const name = (field: string): string => {
    const value = fieldAt(fields, field)
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number') return String(value)
    throw wrong(where, field, 'must be the name of an item', value)
  }
  const pair = 'model_a' in fields || 'model_b' in fields ? decided(fields, where, name) : undefined
  const { winner, loser, tie } = pair ?? { winner: name('winner'), loser: name('loser'), tie: false }
  if (winner === loser) throw invalidData(`${where}: ${quoted(winner)} is compared with itself`, 'leave such rows out')
  const home = names.home === undefined ? undefined : name(names.home)
  if (home !== undefined && home !== winner && home !== loser) {
    throw invalidData(`${where}: ${quoted(home)} is at home, but is neither of the two`, COMPARISON_SHAPES)
  }
  return { winner, loser, tie, home, count: countOf(fields, where, names.count) }
}

/** The winner of a row that names both and says which of them won. */
function decided(
  fields: RowFields,
  where: string,
  name: (field: string) => string,
): Pick<PairedComparison, 'winner' | 'loser' | 'tie'> {
  const [a, b] = [name('model_a'), name('model_b')]
  const verdict = fields['winner']
  if (TIES.includes(verdict)) return { winner: a, loser: b, tie: true }
  if (verdict === 'model_a') return { winner: a, loser: b, tie: false }
  if (verdict === 'model_b') return { winner: b, loser: a, tie: false }
  throw wrong(where, 'winner', 'must be model_a, model_b or tie', verdict)
}

function countOf(fields: RowFields, where: string, field?: string): number {
  const value = fieldAt(fields, field ?? 'count')
  if (value === undefined && field === undefined) return 1
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  throw wrong(where, field ?? 'count', 'must be a number of at least 0', value)
}

function wrong(where: string, field: string, must: string, value: unknown): Error {
  const written = value === undefined ? 'missing' : shown(JSON.stringify(value))
  return invalidData(`${where}: ${shown(field)} ${must}, but is ${written}`, COMPARISON_SHAPES)
}
