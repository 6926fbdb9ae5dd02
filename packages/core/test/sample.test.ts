import { asPiece, chosenCount, chosenIndexAt, sequenceOf } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { sampleOf } from './samples.js'

describe('chosenCount', () => {
  it('is the sum of the mask, else the tokens, else what the usage says', () => {
    const usage = { promptTokens: 1, completionTokens: 2 }
    expect(chosenCount({ usage, tokens: [1, 2, 3], mask: Uint8Array.of(0, 1, 1) })).toBe(2)
    expect(chosenCount({ usage, tokens: [1, 2, 3] })).toBe(3)
    expect(chosenCount({ usage })).toBe(2)
  })
})

describe('chosenIndexAt', () => {
  // prefix 'ab' | chosen 'cd' | tool's 'efg' | chosen 'h'
  const sample = { tokens: [1, 2, 3, 4], textEnds: [2, 4, 7, 8], mask: Uint8Array.of(0, 1, 0, 1) }
  it.each([
    [1, -1, 'within the prefix: nobody chose it'],
    [2, -1, 'at the end of the prefix'],
    [3, 0, 'within the first chosen token'],
    [4, 0, 'at its end'],
    [6, 0, "within the tool's text: the token that called the tool"],
    [8, 1, 'at the end'],
    [99, 1, 'behind the end'],
  ])('place %i belongs to chosen token %i (%s)', (end, index) => expect(chosenIndexAt(sample, end)).toBe(index))

  it('takes every token as chosen without a mask, and refuses a sample without places', () => {
    expect(chosenIndexAt({ tokens: [1, 2], textEnds: [1, 2] }, 2)).toBe(1)
    expect(() => chosenIndexAt({ tokens: [1] }, 1)).toThrow('rewards by step need samples with tokens and textEnds')
  })
})

describe('asPiece', () => {
  it('continues a completion exactly, the stop text included', () => {
    expect(asPiece(sampleOf('a', 0, { stoppedBy: '\n\n', tokens: [1, 9] }))).toEqual({ text: 'a\n\n', tokens: [1, 9] })
    expect(asPiece(sampleOf('a'))).toEqual({ text: 'a' })
  })
})

describe('sequenceOf', () => {
  const task = { id: 't', prompt: 'p' }
  it('takes the prompt that was continued, with tokens and mask', () => {
    expect(sequenceOf(task, sampleOf('a', 0, { tokens: [1] }))).toEqual({ prompt: 'p', tokens: [1] })
    const mask = Uint8Array.of(0, 1)
    expect(sequenceOf(task, sampleOf('a', 0, { tokens: [1, 2], mask, prompt: 'q' }))).toEqual({
      prompt: 'q',
      tokens: [1, 2],
      mask,
    })
    expect(() => sequenceOf(task, sampleOf('a', 3))).toThrow('sample 3 of t has no tokens to learn from')
  })
})
