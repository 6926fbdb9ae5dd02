import fc from 'fast-check'
import { expect, it } from 'vitest'
import { answerKey, compareAnswers } from '../src/compare-answers.js'

it.each([
  ['\\frac{x+1}{x^2-1}', '\\frac{1}{x-1}', 'equal'],
  ['\\frac{1}{1+\\sqrt[3]{2}}', '\\frac{1-\\sqrt[3]{2}+\\sqrt[3]{4}}{3}', 'equal'],
  ['\\sqrt{5+2\\sqrt6}', '\\sqrt2+\\sqrt3', 'equal'],
  ['\\sin 15^\\circ', '\\frac{\\sqrt6-\\sqrt2}{4}', 'equal'],
  ['\\sin^2 x+\\cos^2 x', '1', 'equal'],
  ['\\det\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}', '-2', 'equal'],
  ['5', '\\foo{5}', 'cannot-tell'],
  ['5', '\\input{5}', 'different'],
  ['5', '\\frac{1}{0}', 'different'],
  ['2^{n+1}', '2\\cdot2^n', 'equal'],
  ['4^n', '2^{2n}', 'equal'],
  ['e^{i\\pi}', '-1', 'equal'],
  ['0.\\overline{9}', '1', 'equal'],
  ['3^{1000000}', '3^{1000001}', 'different'],
  ['7', '9^{9^9}', 'different'],
  ['(100!)!', '3', 'different'],
  ['12\\text{ kg}', '12\\text{ cm}', 'different'],
  ['12\\text{ apples}', '12', 'equal'],
  ['5\\text{ million}', '5', 'different'],
  ['5\\text{ million}', '5,000,000', 'equal'],
  ['5\\text{ apples}', '5\\text{ percent}', 'different'],
  ['5', '5\\text{ times}', 'different'],
  ['5', '4, 5, 6', 'different'],
  ['x=5', 'y=5', 'different'],
  ['\\sqrt{i}', '\\frac{1+i}{\\sqrt2}', 'equal'],
  ['10\\%', '0.1', 'different'],
  ['__proto__', 'toString', 'different'],
])('%s against %s is %s', (reference, answer, verdict) => {
  expect(compareAnswers(reference, answer).verdict).toBe(verdict)
})

it('says why it cannot tell', () => {
  expect(compareAnswers('5', '\\prod_{i=1}^{10^{12}} i')).toEqual({
    verdict: 'cannot-tell',
    reason: 'a product of too many factors',
  })
})

it('joins by named options alone', () => {
  expect(compareAnswers('0.25', '25\\%', { percentAsNumber: true }).verdict).toBe('equal')
  expect(compareAnswers('1, 2', '2, 1').verdict).toBe('different')
  expect(compareAnswers('1, 2', '2, 1', { unorderedLists: true }).verdict).toBe('equal')
})

it('refuses what is no text and options it does not know', () => {
  expect(() => compareAnswers('1', 1 as never)).toThrow('the answer must be a text, but is number')
  expect(() => answerKey('1', { tolerance: true } as never)).toThrow('tolerance is no option of answers')
  expect(() => answerKey('1', { percentAsNumber: 1 as never })).toThrow('percentAsNumber must be true or false')
})

const fraction = fc.tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: 1, max: 99 }))

it('reads a fraction the same in each way of writing it', () => {
  fc.assert(
    fc.property(fraction, fc.integer({ min: 1, max: 9 }), ([n, d], k) => {
      const key = answerKey(`${n}/${d}`)
      expect(answerKey(`\\frac{${n * k}}{${d * k}}`)).toBe(key)
      expect(answerKey(`$ \\dfrac { ${n} } { ${d} } $`)).toBe(key)
      expect(answerKey(`(${n}\\cdot ${k}) / (${d * k})`)).toBe(key)
    }),
  )
})

it('gives a sum of radicals one key in each order, equal exactly where the numbers are', () => {
  const term = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 30 }))
  const write = (terms: readonly (readonly [number, number])[]): string =>
    terms.map(([c, r]) => `(${c})\\sqrt{${r}}`).join('+')
  fc.assert(
    fc.property(
      fc.array(term, { minLength: 1, maxLength: 4 }),
      fc.array(term, { minLength: 1, maxLength: 4 }),
      (a, b) => {
        expect(answerKey(write([...a].reverse()))).toBe(answerKey(write(a)))
        const equal = compareAnswers(write(a), write(b)).verdict === 'equal'
        expect(equal).toBe(answerKey(write(a)) === answerKey(write(b)))
        const value = (terms: typeof a): number => terms.reduce((sum, [c, r]) => sum + c * Math.sqrt(r), 0)
        if (equal) expect(Math.abs(value(a) - value(b))).toBeLessThan(1e-9)
      },
    ),
  )
})

const hostile = [
  '9^'.repeat(4000) + '9',
  'x!'.repeat(3000),
  '1/'.repeat(4000) + '3',
  'a b '.repeat(2400),
  `${'e^{'.repeat(50)}2${'}'.repeat(50)}`,
  '\\sum_{i=1}^{1000}\\sum_{j=1}^{1000}\\sum_{k=1}^{1000} 1',
  '('.repeat(9000),
  '\\sqrt{'.repeat(1500),
  '-'.repeat(9999),
  '('.repeat(20_000),
]

it.each(hostile)('answers hostile text %#', (text) => {
  expect(['different', 'cannot-tell']).toContain(compareAnswers('5', text).verdict)
})

it('does not decide a matrix without rows', () => {
  const empty = '\\begin{pmatrix}\\end{pmatrix}'
  expect(compareAnswers(empty, empty)).toEqual({ verdict: 'equal' })
  expect(compareAnswers(empty, '\\begin{bmatrix}1\\end{bmatrix}')).toMatchObject({ verdict: 'cannot-tell' })
})

it('never throws', () => {
  const piece = fc.constantFrom(
    ...[
      '1',
      '23',
      'x',
      '+',
      '-',
      '*',
      '/',
      '^',
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      ',',
      '\\frac',
      '\\sqrt',
      '\\pm',
      '!',
      '|',
      ' ',
    ],
    ...[
      '\\text{',
      '\\{',
      '\\}',
      '=',
      '<',
      '\\infty',
      '\\cup',
      '%',
      '$',
      '_',
      '\\sum_{i=1}^',
      '\\int_0^1',
      '\\sum_{k=0}^{\\infty}',
      '\\frac{d}{dx}',
      '\\setminus',
      '\\det',
      '\\over',
      'cm',
      'dx',
      '\\begin{pmatrix}',
    ],
    ...[
      '\\end{pmatrix}',
      '&',
      '\\\\',
      '\\sin',
      '\\log_',
      '0',
      'i',
      'e',
      '\\pi',
      '\\overline{',
      ':',
      '.',
      '@',
      '__proto__',
    ],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const text = pieces.join('')
      expect(compareAnswers(text, text).verdict).toBe('equal')
      expect(compareAnswers(text, '5').verdict).toBe(compareAnswers('5', text).verdict)
      expect(['equal', 'different', 'cannot-tell']).toContain(compareAnswers('5', text).verdict)
    }),
    { numRuns: 5_000 },
  )
})
