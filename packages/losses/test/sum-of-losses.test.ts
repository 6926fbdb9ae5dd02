import { describe, expect, it } from 'vitest'
import {
  dpoLoss,
  entropyBonus,
  onPreferred,
  policyGradientLoss,
  ppoClipLoss,
  sumOfLosses,
  supervisedLoss,
  truncatedImportance,
  valueLoss,
} from '@posttrain/losses'

const scores = [
  { logprob: Float64Array.of(-1, -2), entropy: Float64Array.of(1, 0.5), value: Float64Array.of(0, 1) },
  { logprob: Float64Array.of(-3), entropy: Float64Array.of(0.25), value: Float64Array.of(2) },
]
const constants = [
  { advantage: 2, weight: 1, oldLogprob: [-1, -2], valueTarget: [1, 1] },
  { advantage: -1, weight: 0.5, oldLogprob: [-3], valueTarget: [0] },
]

describe('sumOfLosses', () => {
  const ppo = sumOfLosses([
    { loss: ppoClipLoss() },
    { loss: valueLoss(), coefficient: 0.5 },
    { loss: entropyBonus(0.1) },
  ])

  it('adds values and cotangents with their coefficients', () => {
    const { value, cotangents } = ppo.evaluate(scores, constants)
    expect(value).toBeCloseTo(-4 + 0.5 + 0.5 * (0.5 + 0.5 * 2) - 0.1 * (1.5 + 0.125), 12)
    expect(cotangents[0]).toEqual({
      logprob: Float64Array.of(-2, -2),
      value: Float64Array.of(-0.5, 0),
      entropy: Float64Array.of(-0.1, -0.1),
    })
    const twice = sumOfLosses([{ loss: supervisedLoss() }, { loss: supervisedLoss(), coefficient: -0.25 }])
    expect(twice.evaluate(scores, constants).cotangents[1]).toEqual({ logprob: Float64Array.of(-0.375) })
  })

  it('keeps each term’s metrics and value under its name', () => {
    expect(ppo.name).toBe('ppo-clip + value + entropy-bonus')
    expect(ppo.evaluate(scores, constants).metrics).toEqual({
      'ppo-clip/value': -3.5,
      'ppo-clip/clipFraction': 0,
      'value/value': 1.5,
      'entropy-bonus/value': -0.1 * 1 - 0.1 * 0.5 - 0.1 * 0.125,
      'entropy-bonus/meanEntropy': 1.75 / 3,
    })
    const twice = sumOfLosses([{ loss: supervisedLoss() }, { loss: supervisedLoss() }])
    expect(Object.keys(twice.evaluate(scores, constants).metrics)).toEqual(['supervised/value', 'supervised 2/value'])
  })

  it('asks for and promises what its terms do together', () => {
    const { differentiates, reads, vanishesAtZeroAdvantage, onPolicy, pairs } = ppo
    expect({ differentiates, reads, vanishesAtZeroAdvantage, onPolicy, pairs }).toStrictEqual({
      differentiates: ['logprob', 'value', 'entropy'],
      reads: ['advantage', 'oldLogprob', 'valueTarget'],
      vanishesAtZeroAdvantage: undefined,
      onPolicy: undefined,
      pairs: undefined,
    })
    const gradients = sumOfLosses([{ loss: ppoClipLoss() }, { loss: policyGradientLoss() }])
    expect([gradients.vanishesAtZeroAdvantage, gradients.onPolicy]).toEqual([true, true])
    const corrected = { loss: truncatedImportance(ppoClipLoss(), { cap: 2 }) }
    expect(sumOfLosses([{ loss: valueLoss() }, corrected]).reads).toEqual([
      'valueTarget',
      'advantage',
      'oldLogprob',
      'rolloutLogprob',
    ])
    expect(sumOfLosses([{ loss: dpoLoss() }, { loss: onPreferred(supervisedLoss()) }]).pairs).toBe(true)
  })

  it('refuses what it cannot add', () => {
    expect(() => sumOfLosses([])).toThrow('terms is empty')
    expect(() => sumOfLosses([{ loss: supervisedLoss(), coefficient: Infinity }])).toThrow('coefficient of term 0')
  })
})
