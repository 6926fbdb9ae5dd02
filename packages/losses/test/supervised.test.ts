import { describe, expect, it } from 'vitest'
import { sum } from '@posttrain/core'
import { supervisedLoss } from '@posttrain/losses'
import { completions, differentiate, expectedGradient, policies, type TwoTokens } from './support/two-tokens.js'

describe('supervisedLoss', () => {
  it('is the weighted sum of negative log-probs, whatever the advantage', () => {
    const scores = [{ logprob: Float64Array.of(-1, -2) }, { logprob: Float64Array.of(-3) }]
    const { value, cotangents } = supervisedLoss().evaluate(scores, [{ weight: 0.5 }, { advantage: 7, weight: 2 }])
    expect(value).toBe(7.5)
    expect(cotangents).toEqual([{ logprob: Float64Array.of(-0.5, -0.5) }, { logprob: Float64Array.of(-2) }])
  })

  it('on samples of a teacher, has the gradient of KL(teacher ‖ student) of whole completions', () => {
    const { one: student, other: teacher } = policies
    const forwardKl = (of: TwoTokens): number =>
      sum(
        completions(teacher).map(
          ({ probability, logprob }, i) => probability * (sum(logprob) - sum(completions(of)[i]!.logprob)),
        ),
      )
    const expected = differentiate(forwardKl, student)
    // central differences with h = 1e-5 are good to 1e-10
    expectedGradient(supervisedLoss(), student, teacher, () => ({})).forEach((slope, i) =>
      expect(slope).toBeCloseTo(expected[i]!, 9),
    )
  })
})
