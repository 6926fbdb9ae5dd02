import { describe, expect, it } from 'vitest'
import { noBaseline } from '../../src/advantages/no-baseline.js'
import { groupOf } from './token-groups.js'

const group = groupOf([[1, 1], [3, 0], [4, 0.5]]) // prettier-ignore

describe('noBaseline', () => {
  it('gives the rewards', () => {
    expect(noBaseline().advantages([group])).toEqual([{ advantages: [1, 0, 0.5] }])
  })
})
