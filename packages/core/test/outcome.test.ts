import { scoredOutcomes, type Outcome } from '@posttrain/core'
import { describe, expect, it } from 'vitest'

const outcomes: Outcome[] = [
  { kind: 'scored', reward: 1, answer: '42' },
  { kind: 'unscored', reason: 'timeout' },
  { kind: 'scored', reward: 0 },
]

describe('scoredOutcomes', () => {
  it('counts as failure, excludes or throws, as it is told', () => {
    expect(scoredOutcomes(outcomes, 'count-as-failure').map(({ reward }) => reward)).toEqual([1, 0, 0])
    expect(scoredOutcomes(outcomes, 'exclude')).toEqual([outcomes[0], outcomes[2]])
    expect(() => scoredOutcomes(outcomes, 'throw')).toThrow(
      expect.objectContaining({ code: 'unscored', message: 'sample 1 was not scored: timeout' }) as Error,
    )
    expect(scoredOutcomes([outcomes[0]!], 'throw')).toEqual([outcomes[0]])
  })
})
