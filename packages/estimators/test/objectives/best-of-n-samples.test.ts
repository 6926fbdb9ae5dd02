import { describe, expect, it } from 'vitest'
import { bestOfNFromDistribution, bestOfNSampleWeights } from '@posttrain/estimators'
import { bestValue, exactGradient } from '@posttrain/laws'
import { compare, binary } from './tiny-policy.js'

const { probabilities, outcomes } = binary
const proxy = outcomes.map(({ reward }) => reward)
const failure = probabilities[0]! + probabilities[2]!

/** E over best-of-n's choice of weight·∇log π, in the logits. */
function expectedStep(n: number, weight: (correct: boolean) => number): number[] {
  const step = probabilities.map(() => 0)
  probabilities.forEach((_, y) => {
    const onlyThis = probabilities.map((__, other) => Number(other === y))
    const chosen = bestOfNFromDistribution({ probabilities, proxy }, onlyThis, n)
    probabilities.forEach((pi, a) => (step[a]! += chosen * weight(proxy[y] === 1) * (Number(a === y) - pi)))
  })
  return step
}

describe('bestOfNSampleWeights', () => {
  it.each([1, 2, 4, 7])('give the exact gradient of 1 − pⁿ for n = %d, with and without wrong answers', (n) => {
    const truth = exactGradient(binary, n, bestValue)
    const { correct, wrong, correctOnly } = bestOfNSampleWeights(failure, n)
    const both = expectedStep(n, (right) => (right ? correct : wrong))
    const positive = expectedStep(n, (right) => (right ? correctOnly : 0))
    truth.forEach((value, a) => {
      expect(both[a]).toBeCloseTo(value, 13)
      expect(positive[a]).toBeCloseTo(value, 13)
    })
  })

  it('go (1+p)/(1−p) times too far where wrong answers are subtracted', () => {
    expect(failure).toBeCloseTo(0.6356, 4)
    const { correct, wrong } = bestOfNSampleWeights(failure, 4)
    const step = expectedStep(4, (right) => (right ? correct : -wrong))
    const { ratio, cosine } = compare(step, exactGradient(binary, 4, bestValue))
    expect([ratio, cosine]).toEqual([expect.closeTo(4.488, 3), expect.closeTo(1, 12)])
  })

  it('refuse certainty', () => {
    expect(() => bestOfNSampleWeights(1, 4)).toThrow('failure must be a finite number above 0 and below 1, but is 1')
  })
})
