import { sum } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { minibatchesOf } from '../../../src/loops/online/minibatches.js'

const examples = Array.from({ length: 7 }, (_, name) => ({ name, constants: { weight: 1 / 7, advantage: name } }))
const key = [1, 2, 3] as const
const namesOf = (parts: ReturnType<typeof minibatchesOf<(typeof examples)[number]>>): number[][] =>
  parts.map((part) => part.map(({ name }) => name))

describe('minibatchesOf', () => {
  it('is the batch itself where there is one part, in its order', () => {
    expect(minibatchesOf(examples, 1, key)).toEqual([examples])
  })

  it('holds every example once, in parts of nearly equal size', () => {
    const names = namesOf(minibatchesOf(examples, 3, key))
    expect(names.map(({ length }) => length)).toEqual([3, 2, 2])
    expect(names.flat().sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('keeps the scale of the batch in each part, and whatever else is known of an example', () => {
    for (const part of minibatchesOf(examples, 3, key)) {
      // Parts of 3 and 2 of 7 examples of weight 1/7: each weight becomes 1/3 or 1/2.
      for (const { name, constants } of part) {
        expect(constants.weight).toBeCloseTo(1 / part.length, 14)
        expect(constants.advantage).toBe(name)
      }
    }
    const uneven = examples.map((example, i) => ({ ...example, constants: { ...example.constants, weight: i } }))
    const means = minibatchesOf(uneven, 3, key).map(
      (part) => (sum(part.map(({ constants }) => constants.weight)) * part.length) / 7,
    )
    expect(sum(means)).toBeCloseTo(21, 12) // weighted by their sizes they add up to the batch
  })

  it('is another division for another seed, step or epoch, and the same for the same', () => {
    const division = (...[seed, step, epoch]: readonly [number, number, number]): string =>
      JSON.stringify(namesOf(minibatchesOf(examples, 3, [seed, step, epoch])))
    expect(new Set([division(1, 2, 3), division(0, 2, 3), division(1, 0, 3), division(1, 2, 0)]).size).toBe(4)
    expect(division(1, 2, 3)).toBe(division(1, 2, 3))
  })

  it('makes no empty parts of few examples', () => {
    expect(minibatchesOf(examples.slice(0, 2), 5, key).map(({ length }) => length)).toEqual([1, 1])
  })
})
