import { describe, expect, it } from 'vitest'
import { game24Pattern } from '@posttrain/recipes'
import { allPuzzles } from '../../src/game24/puzzles.js'
import { expressionOfTrace } from '../../src/game24/solution.js'
import { solutions } from '../../src/game24/steps.js'
import { writeTrace } from '../../src/game24/trace.js'

const patternOf = (text: string, finish: 'stop' | 'length' | 'failed' = 'stop') => game24Pattern({ text, finish })

describe('game24Pattern', () => {
  it('gives every solution by whole numbers of every puzzle one, as trace and as expression alike', () => {
    const counts: Record<string, number> = {}
    for (const puzzle of allPuzzles()) {
      for (const steps of solutions(puzzle)) {
        const trace = writeTrace(steps)
        const pattern = String(patternOf(trace))
        counts[pattern] = (counts[pattern] ?? 0) + 1
        const expression = expressionOfTrace(trace)!
        if (patternOf(expression) !== pattern) expect(`${expression} is ${patternOf(expression)}`).toBe(pattern)
      }
    }
    // Quotients and other products need a number above 30, or a fraction.
    expect(counts).toEqual({
      '2 * 12': 1411,
      '3 * 8': 1338,
      '4 * 6': 1424,
      sum: 4722,
      difference: 795,
      'neutral step': 1158,
    })
  })

  it.each([
    ['Answer: (10 - 4) * (13 - 9) = 24', '4 * 6'],
    ['12 × 2', '2 * 12'],
    ['2 * 3 * 4', '4 * 6'],
    ['8 / (3 - 8 / 3)', 'quotient'],
    ['5 * (5 - 1 / 5)', 'other product'],
    ['(3 - 6) * (1 - 9)', 'other product'],
    ['25 - 1', 'difference'],
    ['-(1 - 25)', 'difference'],
    ['48 - 24', 'difference'],
    ['3 * 8 + (5 - 5)', 'neutral step'],
    ['3 * 8 - (5 - 5)', 'neutral step'],
    ['(6 - 5) * 24', 'neutral step'],
    ['24 / (6 - 5)', 'neutral step'],
    ['6 * 5 = 30', 'other product'],
    ['24 * (1 / (2 - 2))', 'other product'],
  ])('reads %j', (text, pattern) => expect(patternOf(text)).toBe(pattern))

  it('reads the last step of a trace, right or wrong', () => {
    expect(patternOf('13 - 9 4 10 5 | 10 - 4 5 6 | 6 * 5 30 .')).toBe('other product')
    expect(patternOf('13 - 9 4 10 4 | 10 - 4 4 6 | 4 * 6 25 .')).toBe('4 * 6')
    expect(patternOf('1 / 3 4 4 1/3 | 4 + 4 1/3 8 | 8 / 1/3 24 .')).toBe('quotient')
  })

  it('gives none to what was not finished, and to what is no solution', () => {
    const trace = '13 - 9 4 10 4 | 10 - 4 4 6 | 6 * 4 24 .'
    const words = trace.split(' ')
    words.slice(0, -1).forEach((_, i) => expect(patternOf(words.slice(0, i).join(' '), 'length')).toBeUndefined())
    expect(patternOf(trace, 'length')).toBe('4 * 6')
    expect(patternOf('', 'failed')).toBeUndefined()
    for (const text of ['', '24', '-24', 'I give up', '6 *', '('.repeat(2000)]) expect(patternOf(text)).toBeUndefined()
  })
})
