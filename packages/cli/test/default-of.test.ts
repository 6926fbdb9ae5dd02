import { describe, expect, it } from 'vitest'
import { defaultOf } from '../src/default-of.js'

describe('defaultOf', () => {
  it('names recipes only where they differ', () => {
    expect(
      defaultOf([
        ['a', 16],
        ['b', 16],
      ]),
    ).toBe('default: 16')
    expect(
      defaultOf([
        ['a', 220],
        ['b', 200],
      ]),
    ).toBe('default: 220 for a, 200 for b')
  })
})
