import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareAnswers } from '../src/compare-answers.js'

/** An expression in LaTeX and in plain text, with its value; the texts differ in order and form. */
interface Written {
  readonly latex: string
  readonly plain: string
  readonly value: number
}

const leaf: fc.Arbitrary<Written> = fc.oneof(
  fc.integer({ min: 1, max: 12 }).map((n) => ({ latex: `${n}`, plain: `${2 * n}/2`, value: n })),
  fc
    .integer({ min: 2, max: 12 })
    .map((n) => ({ latex: `\\sqrt{${n}}`, plain: `sqrt(${4 * n})/2`, value: Math.sqrt(n) })),
  fc.constantFrom(
    { latex: '\\pi', plain: 'pi', value: Math.PI },
    { latex: 'x', plain: '(2x)/2', value: 1.7 },
    { latex: '\\sin x', plain: 'cos(pi/2 - x)', value: Math.sin(1.7) },
    { latex: '\\cos 2x', plain: '1 - 2 sin(x)^2', value: Math.cos(3.4) },
    { latex: '2^{x}', plain: '4^(x/2)', value: 2 ** 1.7 },
    { latex: '\\ln 6', plain: 'ln(2) + ln(3)', value: Math.log(6) },
    { latex: '0.5', plain: '1/2', value: 0.5 },
  ),
)

const { tree } = fc.letrec<{ tree: Written }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({
      latex: `${a.latex}+${b.latex}`,
      plain: `(${b.plain}) + (${a.plain})`,
      value: a.value + b.value,
    })),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({
      latex: `\\left(${a.latex}\\right)\\left(${b.latex}\\right)`,
      plain: `(${b.plain})*(${a.plain})`,
      value: a.value * b.value,
    })),
    fc.tuple(tie('tree'), leaf).map(([a, b]) => ({
      latex: `\\frac{${a.latex}}{${b.latex}}`,
      plain: `(${a.plain})/(${b.plain})`,
      value: a.value / b.value,
    })),
    tie('tree').map((a) => ({ latex: `(${a.latex})^2`, plain: `(${a.plain})*(${a.plain})`, value: a.value ** 2 })),
  ),
}))

it('never calls one value in two forms different', () => {
  let [equal, all] = [0, 0]
  fc.assert(
    fc.property(tree, ({ latex, plain }) => {
      const { verdict } = compareAnswers(latex, plain)
      expect(verdict).not.toBe('different')
      all++
      if (verdict === 'equal') equal++
    }),
    { numRuns: 300 },
  )
  expect(equal / all).toBeGreaterThan(0.9)
})

it('never calls values equal that are not', () => {
  fc.assert(
    fc.property(tree, tree, (a, b) => {
      if (Math.abs(a.value - b.value) > 1e-6 * (1 + Math.abs(a.value)))
        expect(compareAnswers(a.latex, b.plain).verdict).not.toBe('equal')
    }),
    { numRuns: 300 },
  )
})
