import { describe, expect, it } from 'vitest'
import { entropyBonus } from '@posttrain/losses'

describe('entropyBonus', () => {
  it('pays for entropy, and reports its mean over tokens', () => {
    const scores = [
      { logprob: Float64Array.of(-1, -1), entropy: Float64Array.of(0.5, 1.5) },
      { logprob: Float64Array.of(-1), entropy: Float64Array.of(1) },
    ]
    const constants = [{ weight: 0.5 }, { weight: 2 }]
    const { value, cotangents, metrics } = entropyBonus(0.1).evaluate(scores, constants)
    expect(value).toBeCloseTo(-0.3, 12)
    expect(cotangents).toEqual([{ entropy: Float64Array.of(-0.05, -0.05) }, { entropy: Float64Array.of(-0.2) }])
    expect(metrics).toEqual({ meanEntropy: 1 })
  })

  it('refuses what it cannot use', () => {
    expect(() => entropyBonus(NaN)).toThrow('coefficient')
    const scores = [{ logprob: Float64Array.of(-1) }]
    expect(() => entropyBonus(1).evaluate(scores, [{ weight: 1 }])).toThrow('the score entropy is missing')
  })
})
