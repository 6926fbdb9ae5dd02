import { rational, type Rational } from '@posttrain/rewards'
import { power } from '../value/power.js'
import { addQuotients, multiply, whole } from '../value/quotient.js'
import { constant, integer } from '../value/sum.js'
import { labelled, type Answer } from './answer.js'

type Conversion = readonly [base: string, power: number, factor: Rational]

const exactly = (numerator: bigint, denominator = 1n): Rational => rational(numerator, denominator)

/** Units with an exact definition by another one: 1 unit = factor · base^power. */
const conversions: ReadonlyMap<string, Conversion> = new Map<string, Conversion>([
  ['cm', ['m', 1, exactly(1n, 100n)]],
  ['mm', ['m', 1, exactly(1n, 1_000n)]],
  ['km', ['m', 1, exactly(1_000n)]],
  ['in', ['m', 1, exactly(254n, 10_000n)]],
  ['ft', ['m', 1, exactly(3_048n, 10_000n)]],
  ['yd', ['m', 1, exactly(9_144n, 10_000n)]],
  ['mi', ['m', 1, exactly(1_609_344n, 1_000n)]],
  ['l', ['m', 3, exactly(1n, 1_000n)]],
  ['ml', ['m', 3, exactly(1n, 1_000_000n)]],
  ['g', ['kg', 1, exactly(1n, 1_000n)]],
  ['mg', ['kg', 1, exactly(1n, 1_000_000n)]],
  ['lb', ['kg', 1, exactly(45_359_237n, 100_000_000n)]],
  ['oz', ['kg', 1, exactly(45_359_237n, 1_600_000_000n)]],
  ['min', ['s', 1, exactly(60n)]],
  ['h', ['s', 1, exactly(3_600n)]],
  ['day', ['s', 1, exactly(86_400n)]],
  ['week', ['s', 1, exactly(604_800n)]],
  ['year', ['month', 1, exactly(12n)]],
  ['cent', ['$', 1, exactly(1n, 100n)]],
])

/** A quantity in base units; several, as 1 h 30 min, are added where they are of one kind. */
export function inBaseUnits(answer: Answer): Answer {
  if (answer.kind === 'labelled' && answer.role === 'unit') return converted(answer.label, answer.answer)
  if (answer.kind !== 'parts' || answer.name !== 'measure') return answer
  const list = answer.parts.map(inBaseUnits)
  return list.reduce((sum, part) => {
    if (sum.kind !== 'labelled' || part.kind !== 'labelled' || sum.label !== part.label) return answer
    if (sum.answer.kind !== 'value' || part.answer.kind !== 'value') return answer
    return labelled('unit', sum.label, { kind: 'value', value: addQuotients(sum.answer.value, part.answer.value) })
  })
}

function converted(label: string, answer: Answer): Answer {
  if (answer.kind !== 'value') return labelled('unit', label, answer)
  let value = answer.value
  const powers = new Map<string, number>()
  for (const piece of label.split('·')) {
    const [name = '', exponent = '1'] = piece.split('^')
    const [base, times, factor] = conversions.get(name) ?? [name, 1, exactly(1n)]
    powers.set(base, (powers.get(base) ?? 0) + times * Number(exponent))
    value = multiply(value, power(whole(constant(factor)), whole(integer(Number(exponent)))))
  }
  const unit = [...powers]
    .filter(([, exponent]) => exponent !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, exponent]) => (exponent === 1 ? name : `${name}^${exponent}`))
    .join('·')
  return unit === '' ? { kind: 'value', value } : labelled('unit', unit, { kind: 'value', value })
}
