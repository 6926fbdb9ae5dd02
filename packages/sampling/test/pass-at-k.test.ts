import { describe, expect, it } from 'vitest'
import { passAtK } from '@posttrain/sampling'
import { exactMatch, scriptedSampler, task } from './scripted-sampler.js'

const decide = (...texts: string[]) =>
  passAtK({ k: texts.length }).run(scriptedSampler({ t: texts }), task('t'), { reward: exactMatch })

describe('passAtK', () => {
  it('answers with the first sample that passes', async () => {
    expect(await decide('B', 'A', 'A')).toMatchObject({ answer: 'A', reason: 'sample 1 is the first of 3 that passed' })
  })

  it('knows that it failed', async () => {
    const decision = await decide('B', '?', '')
    expect(decision).toMatchObject({ answer: undefined, sample: undefined, reason: 'none of 3 samples passed' })
  })

  it('carries pass@k', () => {
    const outcomes = [1, 0, 0, 1, 0].map((reward) => ({ kind: 'scored' as const, reward }))
    expect(passAtK({ k: 3 }).objective.estimate(outcomes)).toBeCloseTo(0.9, 14)
  })
})
