import { describe, expect, it } from 'vitest'
import { dpoLoss, onPreferred, supervisedLoss } from '@posttrain/losses'
import { sequences } from './support/batch.js'

describe('onPreferred', () => {
  it('shows a loss the first of each pair alone', () => {
    const { value, cotangents } = onPreferred(supervisedLoss()).evaluate(...sequences([[-1], [-2], [-4, -8], [-16]]))
    expect(value).toBe(13)
    expect(cotangents).toEqual([{ logprob: Float64Array.of(-1) }, {}, { logprob: Float64Array.of(-1, -1) }, {}])
  })

  it('refuses half a pair, and a loss that wants both', () => {
    expect(() => onPreferred(dpoLoss())).toThrow('the loss dpo takes pairs itself')
    expect(() => onPreferred(supervisedLoss()).evaluate(...sequences([[-1]]))).toThrow('pairs are needed')
  })
})
