import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readValue } from '../src/kinds/read-value.js'
import { enclose } from '../src/value/enclose.js'
import type { Interval } from '../src/value/interval.js'
import { sumOf } from '../src/value/quotient.js'

interface Row {
  readonly expression: string
  /** 700 digits, by tools/golden/elementary-functions.py. */
  readonly value: string
}

const rows = JSON.parse(
  readFileSync(new URL('../../../tools/golden/elementary-functions.json', import.meta.url), 'utf8'),
) as Row[]

function enclosed(expression: string, bits: number): Interval {
  const answer = readValue(expression)
  if (answer?.kind !== 'value') throw new Error(`${expression} is no value`)
  return enclose(sumOf(answer.value), bits)!
}

/** A decimal as numerator over a power of 10, which is the unit of its last digit. */
function decimal(text: string): { readonly numerator: bigint; readonly denominator: bigint } {
  const [, sign, whole, rest = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text)!
  return { numerator: BigInt(`${sign!}${whole!}${rest}`), denominator: 10n ** BigInt(rest.length) }
}

it.each(rows)('encloses $expression tightly at each precision', ({ expression, value }) => {
  const { numerator, denominator } = decimal(value)
  for (const bits of [64, 128, 512]) {
    const { low, high } = enclosed(expression, bits)
    expect(low * denominator, `${bits}`).toBeLessThanOrEqual((numerator + 1n) << BigInt(bits))
    expect(high * denominator, `${bits}`).toBeGreaterThanOrEqual((numerator - 1n) << BigInt(bits))
    const size = (numerator < 0n ? -numerator : numerator) / denominator + 1n
    expect(high - low).toBeLessThanOrEqual(size << 20n)
  }
})

/** Whether two enclosures have a number in common. */
const meet = (a: Interval, b: Interval): boolean => a.low <= b.high && b.low <= a.high

it('keeps the laws of the functions at rational points', () => {
  const q = fc.tuple(fc.integer({ min: -400, max: 400 }), fc.integer({ min: 1, max: 40 }))
  const write = ([n, d]: readonly [number, number]): string => `(${n}/${d})`
  fc.assert(
    fc.property(q, q, fc.constantFrom(96, 200), (a, b, bits) => {
      const [x, y] = [write(a), write(b)]
      // The two sides are read into different sums, or are enclosed by different series.
      expect(meet(enclosed(`e^{${x}}`, bits), enclosed(`e^{${x}/2+\\sin 1}e^{${x}/2-\\sin 1}`, bits))).toBe(true)
      const sine = enclosed(`\\sin(${x}\\sqrt2+${y})`, bits)
      const law = `\\sin(${x}\\sqrt2)\\cos(${y})+\\cos(${x}\\sqrt2)\\sin(${y})`
      expect(meet(sine, enclosed(law, bits))).toBe(true)
      if (a[0] > 0 && b[0] > 0) {
        const sum = enclosed(`\\ln(\\sqrt{${x}+\\sqrt2}) + \\ln(${y}+\\pi)`, bits)
        expect(meet(sum, enclosed(`\\ln((${y}+\\pi)\\sqrt{${x}+\\sqrt2})`, bits))).toBe(true)
      }
    }),
    { numRuns: 60 },
  )
})
