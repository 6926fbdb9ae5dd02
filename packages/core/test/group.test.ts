import { missingOf, scoredGroup, withoutFailed, type Group, type Outcome } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { sampleOf } from './samples.js'

const outcomes: Outcome[] = [
  { kind: 'scored', reward: 1, answer: '42' },
  { kind: 'unscored', reason: 'timeout', answer: '7', parts: { judge: 0.5 } },
  { kind: 'unscored', reason: 'connection lost' },
  { kind: 'scored', reward: 0 },
]
const group: Group = {
  task: { id: 't', prompt: '?' },
  samples: [
    sampleOf('42'),
    sampleOf('7', 1),
    sampleOf('', 2, { finish: 'failed', failure: 'connection lost' }),
    sampleOf('', 3),
  ],
  outcomes,
}

describe('scoredGroup', () => {
  it('counts as failure: reward 0, and answer and parts stay, because the sample still votes and can still be chosen', () => {
    const scored = scoredGroup(group, 'count-as-failure')
    expect(scored.samples).toEqual(group.samples)
    expect(scored.outcomes).toEqual([
      { kind: 'scored', reward: 1, answer: '42' },
      { kind: 'scored', reward: 0, answer: '7', parts: { judge: 0.5 } },
      { kind: 'scored', reward: 0 },
      { kind: 'scored', reward: 0 },
    ])
  })

  it('excludes outcomes with their samples', () => {
    const scored = scoredGroup(group, 'exclude')
    expect(scored.outcomes).toEqual([outcomes[0], outcomes[3]])
    expect(scored.samples.map(({ index }) => index)).toEqual([0, 3])
  })

  it('throws with task, sample and reason, if so told', () => {
    expect(() => scoredGroup(group, 'throw')).toThrow(
      expect.objectContaining({ code: 'unscored', message: 'sample 1 of task t was not scored: timeout' }) as Error,
    )
    const drawn = { ...group, samples: [sampleOf('', 3, { id: '["t","step",7]' })], outcomes: [outcomes[1]!] }
    expect(() => scoredGroup(drawn, 'throw')).toThrow('sample 3 of task t (drawn as ["t","step",7]) was not scored')
    expect(scoredGroup({ ...group, samples: [sampleOf('42')], outcomes: [outcomes[0]!] }, 'throw').outcomes).toEqual([
      outcomes[0],
    ])
  })

  it('refuses a group without one outcome per sample', () => {
    expect(() => scoredGroup({ ...group, outcomes: [] }, 'exclude')).toThrow('task t has 4 samples, but 0 outcomes')
  })
})

describe('missing samples', () => {
  it('are failed or unscored, never both', () => expect(missingOf(group)).toEqual({ failed: 1, unscored: 1 }))

  it('leave a group without those that failed; one that is complete stays the same object', () => {
    const complete = withoutFailed(group)
    expect(complete.samples.map(({ index }) => index)).toEqual([0, 1, 3])
    expect(complete.outcomes).toEqual([outcomes[0], outcomes[1], outcomes[3]])
    expect(withoutFailed(complete)).toBe(complete)
  })
})
