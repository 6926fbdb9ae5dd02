import { createStream, sampleStream, shuffled } from '@posttrain/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('createStream', () => {
  it('gives the same numbers for the same name and others for another', () => {
    const draw = (...labels: (string | number)[]): number => createStream(1, ...labels).uniform()
    expect(draw('a', 1)).toBe(draw('a', 1))
    const names: (string | number)[][] = [['a', 1], ['a', 2], ['a1'], ['a', '1'], ['b', 1], [1, 'a'], []]
    expect(new Set(names.map((name) => draw(...name))).size).toBe(names.length)
    expect(createStream(1, 'a').uniform()).not.toBe(createStream(2, 'a').uniform())
  })

  it('starts streams of neighbouring names far apart: their first numbers are uniform', () => {
    const bins = new Array<number>(20).fill(0)
    for (let i = 0; i < 20_000; i++) bins[Math.floor(20 * sampleStream(0, 'task', i).uniform())]! += 1
    const chiSquared = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect(chiSquared).toBeLessThan(43.8) // the 0.999 quantile with 19 degrees of freedom; the seed is fixed
  })

  it('draws uniforms on [0, 1) and integers below their bound', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), (seed, bound) => {
        const stream = createStream(seed)
        const u = stream.uniform()
        expect(u >= 0 && u < 1).toBe(true)
        const i = stream.integer(bound)
        expect(Number.isInteger(i) && i >= 0 && i < bound).toBe(true)
      }),
    )
    expect(() => createStream(0.5)).toThrow('seed must be an integer, but is 0.5')
    expect(() => createStream(1).integer(0)).toThrow('bound must be an integer of at least 1, but is 0')
  })
})

describe('shuffled', () => {
  it('is a permutation, and each is as likely as the others', () => {
    const seen = new Map<string, number>()
    const stream = createStream(3)
    for (let i = 0; i < 6000; i++) {
      const order = shuffled(['a', 'b', 'c'], stream).join('')
      seen.set(order, (seen.get(order) ?? 0) + 1)
    }
    expect([...seen.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
    const chiSquared = [...seen.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect(chiSquared).toBeLessThan(20.5) // the 0.999 quantile with 5 degrees of freedom; the seed is fixed
  })
})
