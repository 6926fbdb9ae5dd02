import { describe, expect, it } from 'vitest'
import { createStream } from '@posttrain/core'

describe('createStream', () => {
  it('gives the same numbers for the same name and others for another', () => {
    const draw = (...labels: (string | number)[]) => createStream(1, ...labels).uniform()
    expect(draw('a', 1)).toBe(draw('a', 1))
    const names: (string | number)[][] = [['a', 1], ['a', 2], ['a1'], ['a', '1'], ['b', 1]]
    expect(new Set(names.map((n) => draw(...n))).size).toBe(names.length)
  })
})
