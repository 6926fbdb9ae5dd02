import { describe, expect, it } from 'vitest'
import { requireItems, sequencesOf } from '../../../src/loops/offline/item.js'

const pair = { prompt: 'x', chosen: [1, 2], rejected: [3] }

describe('sequencesOf', () => {
  it('is a sequence itself', () => {
    const item = { prompt: 'x', tokens: [1], weight: 2, valueTarget: [0.5] }
    expect(sequencesOf(item)).toEqual([item])
  })

  it('is both completions of a pair, the preferred one first and with the margin', () => {
    const masks = [Uint8Array.of(0, 1), Uint8Array.of(1)] as const
    expect(sequencesOf({ ...pair, masks, weight: 3, margin: 0.25 })).toEqual([
      { prompt: 'x', tokens: [1, 2], mask: masks[0], weight: 3, margin: 0.25 },
      { prompt: 'x', tokens: [3], mask: masks[1], weight: 3 },
    ])
    expect(sequencesOf(pair).map(({ tokens, mask }) => [tokens, mask])).toEqual([
      [[1, 2], undefined],
      [[3], undefined],
    ])
  })
})

describe('requireItems', () => {
  it('takes items of the kind that the loss takes', () => {
    expect(() => requireItems([pair, pair], true, 'dpo')).not.toThrow()
    expect(() => requireItems([{ prompt: 'x', tokens: [] }], false, 'supervised')).not.toThrow()
    expect(() => requireItems([pair, { prompt: 'x', tokens: [1] }], true, 'dpo')).toThrow(
      'item 1 of the batch is a sequence, but the loss dpo takes pairs { prompt, chosen, rejected }',
    )
    expect(() => requireItems([pair], false, 'supervised')).toThrow(
      'item 0 of the batch is a pair, but the loss supervised takes sequences { prompt, tokens }',
    )
    expect(() => requireItems([pair, { ...pair, rejected: [] }], true, 'dpo')).toThrow(
      'item 1 of the batch is a pair with an empty completion',
    )
  })
})
