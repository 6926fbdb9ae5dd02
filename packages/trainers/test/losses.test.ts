import type { Loss, LossConstants, TokenScores } from '@posttrain/core'
import { policyGradientLoss, ppoClipLoss, supervisedLoss } from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'

const samplingLogprobs = [[-1, -0.5, -2], [-0.7, -1.2], [-0.3]]
const scores = [[-1.3, -0.2, -2.05], [-0.4, -1.3], [-0.35]].map((x) => ({ logprob: Float64Array.from(x) }))
const constants: LossConstants[] = [
  { advantage: 0.8, weight: 0.5 },
  { advantage: -1.1, weight: 0.25 },
  { advantage: 0, weight: 1 },
].map((c, i) => ({ ...c, samplingLogprob: samplingLogprobs[i]! }))

const losses: Loss[] = [
  supervisedLoss(),
  policyGradientLoss(),
  ppoClipLoss(),
  ppoClipLoss({ clipLow: 0.1, clipHigh: 0.5 }),
]

describe.each(losses)('$name', (loss) => {
  it('has cotangents that equal central differences', () => {
    const { cotangents } = loss.evaluate(scores, constants)
    const h = 1e-6
    scores.forEach(({ logprob }, i) =>
      logprob.forEach((_, t) => {
        const at = (change: number): number => {
          const moved = scores.map((s) => ({ logprob: s.logprob.slice() }))
          moved[i]!.logprob[t]! += change
          return loss.evaluate(moved, constants).value
        }
        expect(cotangents[i]!.logprob![t]).toBeCloseTo((at(h) - at(-h)) / (2 * h), 8)
      }),
    )
  })

  it('keeps its word about advantage 0', () => {
    const { value, cotangents } = loss.evaluate([scores[2]!], [constants[2]!])
    expect(value === 0 && cotangents[0]!.logprob!.every((x) => Math.abs(x) === 0)).toBe(loss.vanishesAtZeroAdvantage)
  })
})

describe('ppoClipLoss', () => {
  const evaluate = (ratio: number, advantage: number, loss = ppoClipLoss()): [number, number, number] => {
    const scored: TokenScores[] = [{ logprob: Float64Array.of(Math.log(ratio)) }]
    const { value, cotangents, metrics } = loss.evaluate(scored, [{ advantage, weight: 1, samplingLogprob: [0] }])
    return [value, cotangents[0]!.logprob![0]!, metrics['clipFraction']!]
  }
  const close = (actual: number[], expected: number[]): void =>
    expected.forEach((x, i) => expect(actual[i]).toBeCloseTo(x, 12))

  it('clips only where the ratio has already gone the way the advantage points', () => {
    close(evaluate(1.5, 2), [-2.4, 0, 1])
    close(evaluate(0.5, 2), [-1, -1, 0])
    close(evaluate(0.5, -2), [1.6, 0, 1])
    close(evaluate(1.5, -2), [3, 3, 0])
    close(evaluate(1.25, 1, ppoClipLoss({ clipHigh: 0.28 })), [-1.25, -1.25, 0])
  })

  it('asks for log-probs from the time of sampling', () => {
    expect(() => ppoClipLoss().evaluate(scores, [{ advantage: 1, weight: 1 }, ...constants.slice(1)])).toThrow(
      'sequence 0 has no samplingLogprob',
    )
  })
})
