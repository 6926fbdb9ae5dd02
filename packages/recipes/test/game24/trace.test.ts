import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyOperator,
  formatRational,
  parseRational,
  rational,
  type Operator,
  type Rational,
} from '@posttrain/rewards'
import { verifyExpression } from '../../src/game24/expression.js'
import { expressionOfTrace, solutionOfTrace } from '../../src/game24/solution.js'
import { verifyTrace } from '../../src/game24/verify-trace.js'

const numbers = [4, 9, 10, 13]

/** As a wrong trace may have it. */
const anyNumber = fc.oneof(
  fc.integer({ min: -13, max: 13 }).map(String),
  fc.tuple(fc.integer({ min: -13, max: 13 }), fc.integer({ min: 1, max: 13 })).map(([a, b]) => `${a}/${b}`),
)

/** A random trace that plays by the rules, whatever it ends in. */
const played = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 13 }), { minLength: 2, maxLength: 5 }),
    fc.infiniteStream(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom<Operator>('+', '-', '*', '/'))),
  )
  .map(([start, choices]) => {
    let current: Rational[] = start.map((n) => rational(BigInt(n)))
    const steps: string[] = []
    for (const [i, j, wanted] of choices) {
      if (current.length === 1) break
      const [a] = current.splice(i % current.length, 1)
      const [b] = current.splice(j % current.length, 1)
      const operator = wanted === '/' && b!.numerator === 0n ? '+' : wanted
      const result = applyOperator(operator, a!, b!)!
      const f = formatRational
      steps.push([f(a!), operator, f(b!), ...current.map(f), f(result)].join(' '))
      current = [...current, result]
    }
    return { start, text: `${steps.join(' | ')} .`, result: current[0]! }
  })

describe('verifyTrace', () => {
  it.each([
    ['13 - 9 4 10 4 | 10 - 4 4 6 | 6 * 4 24 .', 'every step is exact and the result is 24'],
    ['13 + 9 4 10 22 | 22 - 10 4 12 | 12 * 4 48 .', 'every step is exact and the result is 48'],
    ['13 - 9 4 10 5 | 10 - 4 5 6 | 6 * 5 30 .', 'step 1 says 13 - 9 is 5'],
    ['13 - 9 4 11 4 | 11 - 4 4 7 | 7 * 4 28 .', 'step 1 has 13 9 4 11 where 4 9 10 13 are left'],
    ['13 - 9 4 10 4 | 10 - 4 10 6 | 6 * 10 60 .', 'step 2 has 10 4 10 where 4 10 4 are left'],
    ['13 - 9 10 4 | 10 - 4 6 .', 'step 1 must have two operands, 1 remaining numbers and a result'],
    ['13 - 9 4 10 4 | 10 - 4 4 6 | 6 * 4 24', "does not end with '.'"],
    ['13 - x 4 10 4 | 10 - 4 4 6 | 6 * 4 24 .', 'step 1 has "x" in place of a number'],
    ['13 ^ 9 4 10 4 | 10 - 4 4 6 | 6 * 4 24 .', 'step 1 has "^" in place of an operator'],
    ['', "does not end with '.'"],
  ])('judges %j', (text, reason) => {
    const verdict = verifyTrace(text, numbers, 24)
    expect(verdict.correct).toBe(reason.endsWith('is 24'))
    if (reason.startsWith('step 1 must')) expect(verdict.correct).toBe(false)
    else expect(verdict.reason).toBe(reason)
  })

  it('is exact in fractions and refuses a division by 0', () => {
    expect(verifyTrace('8 / 3 3 8 8/3 | 3 - 8/3 8 1/3 | 8 / 1/3 24 .', [3, 3, 8, 8]).correct).toBe(true)
    expect(verifyTrace('5 - 5 24 0 | 24 / 0 24 .', [5, 5, 24]).reason).toBe('step 2 says 24 / 0 is 24')
    expect(verifyTrace('5 / 1/0 24 .', [5, 24]).reason).toContain('"1/0"')
  })

  it('agrees with the verifier of expressions on what the trace amounts to', () => {
    fc.assert(
      fc.property(played, fc.boolean(), ({ start, text, result }, hit) => {
        const target = Number(result.numerator) + (hit ? 0 : 1)
        const verdict = verifyTrace(text, start, target)
        expect(verdict.reason).toBe(`every step is exact and the result is ${formatRational(result)}`)
        for (const expression of [expressionOfTrace(text)!, solutionOfTrace(text)!]) {
          expect(verifyExpression(expression, start, target).correct).toBe(verdict.correct)
        }
      }),
    )
  })

  it('rejects a trace once any one number in it is changed', () => {
    fc.assert(
      fc.property(played, fc.nat(), ({ start, text, result }, position) => {
        fc.pre(result.denominator === 1n)
        const tokens = text.split(' ')
        const places = tokens.flatMap((token, i) => (/\d/.test(token) ? [i] : []))
        const place = places[position % places.length]!
        tokens[place] = formatRational(applyOperator('+', parseRational(tokens[place]!), rational(1n))!)
        expect(verifyTrace(tokens.join(' '), start, Number(result.numerator)).correct).toBe(false)
      }),
    )
  })
})

describe('expressionOfTrace and solutionOfTrace', () => {
  it('have a wrong trace too, and nothing for what is no trace', () => {
    expect(expressionOfTrace('13 - 9 4 10 5 | 10 - 4 5 6 | 6 * 5 30 .')).toBe('(10 - 4) * 5')
    expect(expressionOfTrace('13 - 9 4 10 5 | 7 - 4 5 3 | 3 * 8 24 .')).toBe('3 * 8')
    expect(expressionOfTrace('thirteen')).toBeUndefined()
    expect(solutionOfTrace('13 - 9 4 10 5 |')).toBeUndefined()
  })

  it('give one key to independent steps in either order, and to an ambiguous 4 that of the number', () => {
    const key = '(10 - 4) * (13 - 9)'
    expect(solutionOfTrace('10 - 4 9 13 6 | 13 - 9 6 4 | 6 * 4 24 .')).toBe(key)
    expect(solutionOfTrace('13 - 9 10 4 4 | 10 - 4 4 6 | 4 * 6 24 .')).toBe(key)
  })

  it('do not take a claimed fraction for a division, nor a wrong sign for a negation', () => {
    expect(solutionOfTrace('0 / 4 4 1/4 | 1/4 * 4 1 .')).toBe('4 * ⟨1/4⟩')
    expect(solutionOfTrace('-5 + 9 4 .')).toBe('9 + ⟨-5⟩')
    expect(verifyExpression(solutionOfTrace('-5 + 9 4 .')!, [5, 9], 4).correct).toBe(false)
  })

  it('solve the puzzle exactly if the trace does, however it was changed: one key, one reward', () => {
    fc.assert(
      fc.property(played, fc.array(fc.tuple(fc.nat(), anyNumber)), ({ start, text, result }, edits) => {
        fc.pre(result.denominator === 1n)
        const tokens = text.split(' ')
        const places = tokens.flatMap((token, i) => (/\d/.test(token) ? [i] : []))
        for (const [position, value] of edits) tokens[places[position % places.length]!] = value
        const changed = tokens.join(' ')
        const target = Number(result.numerator)
        const verdict = verifyExpression(solutionOfTrace(changed)!, start, target)
        expect(verdict.correct).toBe(verifyTrace(changed, start, target).correct)
      }),
    )
  })
})
