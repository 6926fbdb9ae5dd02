import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalOf } from '../../src/fields/canonical.js'

describe('canonicalOf', () => {
  it.each([
    ['text', ['  Yes ', 'yes', 'YES', 'yes\n'], 'yes'],
    ['text', ['a  b', 'A\tb', 'ａ b'], 'a b'],
    ['number', ['1,000', '1000', '1000.0', ' 1000', '+1000', '1e3', '1000.', '$1,000.00', '01000'], '1000'],
    ['number', ['-0.50', '-.5', '-5e-1', '−0.5'], '-0.5'],
    ['number', ['0', '-0', '0.000', '0e5'], '0'],
    ['number', ['9007199254740993', '9,007,199,254,740,993.0'], '9007199254740993'],
    ['number', ['True', 'true'], 'true'],
    [
      'math',
      [
        '\\frac{1}{2}',
        '$\\dfrac{1}{2}$',
        '\\boxed{1/2}',
        '0.5',
        '\\(\\frac{2}{4}\\)',
        '\\boxed{\\frac{1}{2}}',
        'x = 1/2',
      ],
      '0.5',
    ],
    ['math', ['\\frac{2}{6}', '1/3', '-1/-3'], '1/3'],
    ['math', ['\\text{Yes}', 'yes', 'yes.'], 'yes'],
    ['math', ['2 \\sqrt{3}', '2\\sqrt{3}', '$2\\,\\sqrt{3}$'], '2\\sqrt{3}'],
    ['math', ['\\left( 1, 2 \\right)', '(1,2)'], '(1,2)'],
  ] as const)('%s makes %j one', (form, answers, one) => {
    expect(answers.map((answer) => canonicalOf(answer, form))).toEqual(answers.map(() => one))
  })

  it.each([
    ['none', ['a', 'A', 'a ']],
    ['text', ['1,000', '1000', '1000.0']],
    [
      'number',
      ['9007199254740993', '9007199254740992', '50%', '50', '1/2', '0.5', '1,00', '100', '3.14', '3,14', '12:30'],
    ],
    ['math', ['1/3', '0.333', '50%', '50', 'x', 'y', '1/0', '(1,2)', '(2,1)', '[1,2]', '2^{10}', '2^{1}0']],
  ] as const)('%s keeps %j apart', (form, answers) => {
    expect(new Set(answers.map((answer) => canonicalOf(answer, form))).size).toBe(answers.length)
  })

  it('is stable, and exact for integers of any size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.nat(5), (value, zeros) => {
        const written = `${value}${zeros > 0 ? `.${'0'.repeat(zeros)}` : ''}`
        for (const form of ['number', 'math'] as const) expect(canonicalOf(written, form)).toBe(String(value))
      }),
    )
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('text', 'number'), (text, form) => {
        const once = canonicalOf(text, form)
        expect(canonicalOf(once, form)).toBe(once)
      }),
    )
  })
})
