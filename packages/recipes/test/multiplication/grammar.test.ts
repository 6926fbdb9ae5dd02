import fc from 'fast-check'
import type { Outcome } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { multiplicationReward } from '@posttrain/recipes'
import { multiplicationPrompt, multiplicationTrace } from '../../src/multiplication/grammar.js'
import { samplesOf } from '../samples.js'

const score = (prompt: string, ...texts: string[]): Promise<readonly Outcome[]> =>
  multiplicationReward().score({ id: 't', prompt }, samplesOf(texts))

describe('multiplicationTrace', () => {
  it('writes partial products and the product, last digit first', () => {
    expect(multiplicationTrace(123, 45)).toBe('5 1 6 0 ; 2 9 4 0 ; 5 3 5 5 0 .') // 615, 492, 5535
    expect(multiplicationTrace(999, 99)).toBe('1 9 9 8 ; 1 9 9 8 ; 1 0 9 8 9 .') // 8991, 8991, 98901
    expect(multiplicationTrace(100, 10).split(' ')).toHaveLength(16)
    expect(() => multiplicationTrace(0, 10)).toThrow('x must be an integer of at least 1, but is 0')
  })

  it('earns reward 1 on its own prompt, with the product as its answer', async () => {
    const factor = fc.integer({ min: 1, max: 99_999 })
    await fc.assert(
      fc.asyncProperty(factor, factor, async (x, y) => {
        const outcomes = await score(multiplicationPrompt(x, y), multiplicationTrace(x, y))
        expect(outcomes).toEqual([{ kind: 'scored', reward: 1, answer: String(x * y) }])
      }),
    )
  })
})

describe('multiplicationReward', () => {
  it('goes by the last block alone', async () => {
    const outcomes = await score(
      '1 2 3 * 4 5 =',
      '0 0 0 0 ; 0 0 0 0 ; 5 3 5 5 0 .',
      '5 1 6 0 ; 2 9 4 0 ; 5 3 5 6 0 .',
      '5 1 6 0 ; 2 9 4 0 ; 5 3 5 5 .', // a digit short
      '5 1 6 0 ; 2 9 4 0 ; 5 3 5 5 0', // never ended
      '5 1 6 0 ; 2 9 4 0 ; 5 3 ; 5 0 .',
      '5 1 6 0 ; 2 9 4 0 ; 0 0 0 0 0 .',
    )
    expect(outcomes).toEqual([
      { kind: 'scored', reward: 1, answer: '5535' },
      { kind: 'scored', reward: 0, answer: '6535' },
      { kind: 'scored', reward: 0 },
      { kind: 'scored', reward: 0 },
      { kind: 'scored', reward: 0 },
      { kind: 'scored', reward: 0, answer: '0' },
    ])
  })

  it('refuses a task that is no multiplication', async () => {
    await expect(score('123 * 45 =', '5 .')).rejects.toThrow('"123 * 45 =" is not a multiplication')
  })
})
