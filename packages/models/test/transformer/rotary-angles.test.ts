import { describe, expect, it } from 'vitest'
import { rotaryAngles } from '../../src/transformer/rotary-angles.js'

/** The angle of each pair at a position, from the table's cosine and sine. */
const angles = (table: Float64Array, position: number, headSize: number): number[] =>
  Array.from({ length: headSize / 2 }, (_, i) =>
    Math.atan2(table[position * headSize + headSize / 2 + i]!, table[position * headSize + i]!),
  )

describe('rotary angles', () => {
  it('are position · base^(−2i/headSize)', () => {
    const table = rotaryAngles({ base: 10_000 }, 4, 4)
    expect(angles(table, 0, 4)).toEqual([0, 0])
    expect(angles(table, 3, 4)[0]).toBeCloseTo(3, 12)
    expect(angles(table, 3, 4)[1]).toBeCloseTo(0.03, 12)
  })

  it("are stretched as Llama 3's: slow ones by the factor, fast ones not, and between them by parts", () => {
    const scaling = { factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 32 }
    const table = rotaryAngles({ base: 10_000, scaling }, 2, 8)
    // Turns over 32 tokens: 5.1, 0.51, 0.051, 0.0051; so the first is fast and the others slow.
    const [fast, ...slow] = angles(table, 1, 8)
    expect(fast).toBeCloseTo(1, 12)
    slow.forEach((angle, i) => expect(angle).toBeCloseTo(10 ** -(i + 1) / 8, 12))
    // With a base of 16 the second pair turns 2.55 times: s = (2.546 − 1)/3 of it is as it was.
    const between = angles(rotaryAngles({ base: 16, scaling }, 2, 8), 1, 8)[1]!
    const s = (16 / (2 * Math.PI) - 1) / 3
    expect(between).toBeCloseTo(0.5 * (s + (1 - s) / 8), 12)
  })
})
