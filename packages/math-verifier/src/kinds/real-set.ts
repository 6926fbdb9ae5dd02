import { orderOf } from '../value/sign.js'
import { Undecided } from '../limits/undecided.js'
import { parts, type Answer } from './answer.js'

/** A bound of an interval; a value that is undefined is infinite. */
interface Bound {
  readonly value: Extract<Answer, { kind: 'value' }> | undefined
  readonly closed: boolean
}

/** An interval of real numbers; a point is closed and has two equal bounds. */
interface Piece {
  readonly low: Bound
  readonly high: Bound
}

/** A set of real numbers: disjoint pieces in order, no two of which touch. */
export type RealSet = readonly Piece[]

/** The most pieces that are worked with. */
const most = 64

const infinite: Bound = { value: undefined, closed: false }
export const allReals: RealSet = [{ low: infinite, high: infinite }]

/** The set of real numbers that an interval or a finite set is; undefined for other answers. */
export function realSetOf(answer: Answer): RealSet | undefined {
  if (answer.kind !== 'parts') return undefined
  if (answer.name === 'union') {
    const list = answer.parts.map(realSetOf)
    return list.includes(undefined) ? undefined : union(...(list as RealSet[]))
  }
  if (answer.name === 'set') {
    if (answer.parts.some(({ kind }) => kind !== 'value')) return undefined
    return union(...answer.parts.map((point) => [{ low: boundOf(point, true)!, high: boundOf(point, true)! }]))
  }
  if (!answer.name.startsWith('interval ')) return undefined
  const low = boundOf(answer.parts[0]!, answer.name.at(-2) === '[')
  const high = boundOf(answer.parts[1]!, answer.name.at(-1) === ']')
  return low === undefined || high === undefined ? undefined : merged([{ low, high }])
}

function boundOf(answer: Answer, closed: boolean): Bound | undefined {
  if (answer.kind === 'text' && answer.text.endsWith('∞')) return infinite
  return answer.kind === 'value' ? { value: answer, closed } : undefined
}

/** The answer that a set of real numbers is: a finite set, an interval, or a union of both. */
export function answerOf(set: RealSet): Answer {
  const isPoint = ({ low, high }: Piece): boolean => low.closed && high.closed && order(low, high, -1, 1) === 0
  if (set.every(isPoint))
    return parts(
      'set',
      set.map(({ low }) => low.value!),
      false,
    )
  const pieces = set.map((piece) => (isPoint(piece) ? parts('set', [piece.low.value!], false) : intervalOf(piece)))
  return pieces.length === 1 ? pieces[0]! : parts('union', pieces, false)
}

function intervalOf({ low, high }: Piece): Answer {
  const name = `interval ${low.closed ? '[' : '('}${high.closed ? ']' : ')'}`
  return parts(name, [low.value ?? { kind: 'text', text: '-∞' }, high.value ?? { kind: 'text', text: '∞' }])
}

export const union = (...sets: readonly RealSet[]): RealSet => merged(sets.flat())

export const intersection = (a: RealSet, b: RealSet): RealSet =>
  merged(a.flatMap((x) => b.map((y) => ({ low: later(x.low, y.low), high: earlier(x.high, y.high) }))))

export const difference = (a: RealSet, b: RealSet): RealSet =>
  b.reduce<RealSet>((left, { low, high }) => {
    const below: Piece = { low: infinite, high: { value: low.value, closed: !low.closed } }
    const above: Piece = { low: { value: high.value, closed: !high.closed }, high: infinite }
    const outside = [low.value === undefined ? [] : [below], high.value === undefined ? [] : [above]].flat()
    return intersection(left, outside)
  }, a)

/** The order of two bounds by value, each being infinite with the sign that is given where it has none. */
function order(a: Bound, b: Bound, signA: number, signB: number): number {
  if (a.value !== undefined && b.value !== undefined) return orderOf(a.value.value, b.value.value)
  return (a.value === undefined ? signA : 0) - (b.value === undefined ? signB : 0)
}

const later = (a: Bound, b: Bound): Bound => {
  const sign = order(a, b, -1, -1)
  return sign > 0 || (sign === 0 && !a.closed) ? a : b
}
const earlier = (a: Bound, b: Bound): Bound => {
  const sign = order(a, b, 1, 1)
  return sign < 0 || (sign === 0 && !a.closed) ? a : b
}

/** Whether there is a number between the bounds, or at both. */
function isNonempty({ low, high }: Piece): boolean {
  const sign = order(low, high, -1, 1)
  return sign < 0 || (sign === 0 && low.closed && high.closed)
}

/** The pieces in order, without empty ones, those that overlap or touch joined. */
function merged(pieces: readonly Piece[]): RealSet {
  if (pieces.length > most) throw new Undecided('a union of too many pieces')
  const sorted = pieces.filter(isNonempty).sort((a, b) => {
    const sign = order(a.low, b.low, -1, -1)
    return sign === 0 ? Number(b.low.closed) - Number(a.low.closed) : sign
  })
  const result: Piece[] = []
  for (const piece of sorted) {
    const last = result.at(-1)
    const sign = last === undefined ? 1 : order(piece.low, last.high, -1, 1)
    if (last === undefined || sign > 0 || (sign === 0 && !piece.low.closed && !last.high.closed)) result.push(piece)
    else {
      const further = order(piece.high, last.high, 1, 1)
      const high = further > 0 || (further === 0 && !last.high.closed) ? piece.high : last.high
      result[result.length - 1] = { low: last.low, high }
    }
  }
  return result
}
