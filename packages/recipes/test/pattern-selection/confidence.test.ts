import { describe, expect, it } from 'vitest'
import { confidence, confidenceRows, gradientFlow } from '@posttrain/recipes'

describe('confidence', () => {
  it('is the KL from the uniform distribution, and log |A|', () => {
    const answers = [0.7, 0.2, 0.1]
    const kl = answers.reduce((total, p) => total + Math.log(1 / 3 / p) / 3, 0)
    expect(confidence(answers)).toBeCloseTo(kl + Math.log(3), 14)
    expect(confidence([0.5, 0.5])).toBeCloseTo(Math.log(2), 14)
  })

  it('does not know which answer is right', () => {
    expect(confidence([0.1, 0.9])).toBe(confidence([0.9, 0.1]))
  })

  it('refuses an answer that never comes, and what are no probabilities', () => {
    expect(() => confidence([1, 0])).toThrow('answers[1]')
    expect(() => confidence([0.5, 0.6])).toThrow('the shares of answers add up to 1.1')
    expect(() => confidence([])).toThrow('answers has no patterns')
  })
})

describe('confidenceRows', () => {
  it('chooses, of all ways to give three patterns success rates, the worst one in half', () => {
    // Theorem 5.6 (2): two answers, uniform over patterns, success rates uniform on [0, 1]; here on a grid that is
    // symmetric about ½ and has no ties. Every triple is written out.
    const rates = [0.05, 0.16, 0.27, 0.38, 0.62, 0.73, 0.84, 0.95]
    const shares = [1 / 3, 1 / 3, 1 / 3]
    let [all, worst, best] = [0, 0, 0]
    for (const a of rates)
      for (const b of rates)
        for (const c of rates) {
          const triple = [a, b, c]
          if (new Set(triple.map((p) => Math.round(100 * Math.abs(p - 0.5)))).size < 3) continue
          const [, byConfidence] = confidenceRows({ shares, answers: triple.map((p) => [p, 1 - p]), beta: 1e-4 })
          all++
          if (Math.abs(byConfidence!.accuracy - Math.min(...triple)) < 1e-9) worst++
          if (Math.abs(byConfidence!.accuracy - Math.max(...triple)) < 1e-9) best++
        }
    expect(all).toBe(8 * 6 * 4)
    expect([worst, best]).toEqual([all / 2, all / 2])
  })

  it('gains accuracy as the flow does at its start', () => {
    const answers = [
      [0.8, 0.15, 0.05],
      [0.3, 0.3, 0.4],
      [0.02, 0.9, 0.08],
    ]
    const shares = [0.2, 0.5, 0.3]
    for (const { rewards, initialGain } of confidenceRows({ shares, answers, beta: 1 })) {
      const accuracyAt = (time: number): number =>
        gradientFlow({ shares, rewards }, [time])[0]!.reduce((total, share, r) => total + share * answers[r]![0]!, 0)
      // A one-sided difference of second order; what it leaves out is O(h²).
      const h = 1e-3
      const slope = (4 * accuracyAt(h) - accuracyAt(2 * h) - 3 * accuracyAt(0)) / (2 * h)
      expect(slope).toBeCloseTo(initialGain, 5)
    }
  })

  it('takes another right answer, and refuses one that there is not', () => {
    const patterns = { shares: [0.5, 0.5], answers: [[0.9, 0.1] as const, [0.6, 0.4] as const], beta: 0.01 }
    expect(confidenceRows({ ...patterns, correct: 1 }).map(({ accuracy }) => accuracy.toFixed(3))).toEqual([
      '0.400',
      '0.100',
    ])
    expect(() => confidenceRows({ ...patterns, correct: 2 })).toThrow('correct')
    expect(() => confidenceRows({ ...patterns, answers: [[0.5, 0.5], [1]] })).toThrow('answers[1] has 1 answers')
    expect(() => confidenceRows({ ...patterns, shares: [1] })).toThrow('rewards')
  })
})
