import { describe, expect, it } from 'vitest'
import { majorityObjective, weightedMajorityObjective } from '@posttrain/estimators'
import { votes } from '../outcomes.js'

const weighed = (text: string, weights: readonly (number | null)[]): ReturnType<typeof votes> =>
  votes(text).map((outcome, i) => ({ ...outcome, parts: { judge: weights[i]! } }))

describe('weightedMajorityObjective', () => {
  it('is the plain vote where all weigh alike', () => {
    for (const unparsed of ['abstain', 'vote', 'wrong'] as const) {
      for (const k of [1, 2, 3, 5]) {
        const objective = weightedMajorityObjective({ k, by: 'judge', unparsed })
        const outcomes = weighed('AB-AB-', [2, 2, 2, 2, 2, 2])
        expect(objective.estimate(outcomes)).toBeCloseTo(majorityObjective({ k, unparsed }).estimate(outcomes), 12)
      }
    }
  })

  it('gives no vote to a sample that was not weighed, and refuses one that nobody weighed', () => {
    const { estimate } = weightedMajorityObjective({ k: 3, by: 'judge' })
    expect(estimate(weighed('ABB', [1, null, null]))).toBe(1)
    expect(estimate(weighed('ABB', [1, 2, 3]))).toBe(0)
    expect(() => estimate(votes('ABB'))).toThrow("outcomes[0] has no part 'judge'")
  })
})
