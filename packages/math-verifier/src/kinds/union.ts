import type { Rational } from '@posttrain/rewards'
import { rationalOf } from '../value/sum.js'
import { parts, type Answer } from './answer.js'

interface Piece {
  readonly low: Rational | undefined
  readonly high: Rational | undefined
  readonly open: string
  readonly close: string
  readonly answer: Answer
}

/** A union of sets and intervals: sets are one set, and intervals with rational ends that touch are one interval. */
export function joined(list: readonly Answer[]): Answer {
  if (list.every((item) => item.kind === 'parts' && item.name === 'set'))
    return parts(
      'set',
      list.flatMap((item) => (item.kind === 'parts' ? item.parts : [])),
      false,
    )
  const pieces = list.map(pieceOf)
  if (pieces.includes(undefined)) return parts('union', list, false)
  const sorted = (pieces as Piece[]).sort((a, b) => compare(a.low, b.low, -1))
  const result: Piece[] = []
  for (const piece of sorted) {
    const last = result.at(-1)
    if (last === undefined || !touches(last, piece)) result.push(piece)
    else result[result.length - 1] = merged(last, piece)
  }
  return parts(
    'union',
    result.map(({ answer }) => answer),
    false,
  )
}

/** Ends compared; an end that is not there is infinite, with the sign that is given. */
function compare(a: Rational | undefined, b: Rational | undefined, infinite: 1 | -1): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? infinite : -infinite
  const difference = a.numerator * b.denominator - b.numerator * a.denominator
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

function pieceOf(answer: Answer): Piece | undefined {
  if (answer.kind !== 'parts' || !answer.name.startsWith('interval')) return undefined
  const [low, high] = answer.parts.map(endOf)
  if (low === null || high === null) return undefined
  return { low, high, open: answer.name.at(-2)!, close: answer.name.at(-1)!, answer }
}

function endOf(answer: Answer): Rational | undefined | null {
  if (answer.kind === 'text' && answer.text.endsWith('∞')) return undefined
  if (answer.kind !== 'value') return null
  return rationalOf(answer.value.top) ?? null
}

function touches(a: Piece, b: Piece): boolean {
  if (a.high === undefined || b.low === undefined) return true
  const order = compare(b.low, a.high, 1)
  return order < 0 || (order === 0 && (a.close === ']' || b.open === '['))
}

function merged(a: Piece, b: Piece): Piece {
  const order = compare(a.high, b.high, 1)
  const upper = order > 0 || (order === 0 && a.close === ']') ? a : b
  const lower = compare(a.low, b.low, -1) === 0 && b.open === '[' ? b : a
  const ends = (piece: Piece): readonly Answer[] => (piece.answer.kind === 'parts' ? piece.answer.parts : [])
  const answer = parts(`interval ${lower.open}${upper.close}`, [ends(lower)[0]!, ends(upper)[1]!])
  return { low: lower.low, high: upper.high, open: lower.open, close: upper.close, answer }
}
