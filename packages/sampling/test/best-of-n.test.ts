import type { RewardFunction } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { bestOfN } from '@posttrain/sampling'
import { scriptedSampler, task } from './scripted-sampler.js'

/** The reward is the number written; anything else is not scored. */
const numeric: RewardFunction = {
  name: 'numeric',
  async score(_, samples) {
    return samples.map(({ text }) =>
      Number.isNaN(Number(text)) ? { kind: 'unscored', reason: 'no number' } : { kind: 'scored', reward: Number(text) },
    )
  },
}
const decide = (...texts: string[]) =>
  bestOfN({ n: texts.length }).run(scriptedSampler({ t: texts }), task('t'), { reward: numeric })

describe('bestOfN', () => {
  it('answers with the text of highest reward, the first drawn of equals', async () => {
    const decision = await decide('-3', '2', 'x', '2.0', '1')
    expect(decision).toMatchObject({ answer: '2', reason: 'sample 1 has the highest reward of 5 samples, 2' })
    expect(decision.samples).toHaveLength(5)
    expect(await decide('-3', '-4')).toMatchObject({ answer: '-3' })
  })

  it('has no answer where nothing was scored', async () => {
    expect(await decide('x', 'y')).toMatchObject({ answer: undefined, reason: 'none of 2 samples was scored' })
  })

  it('refuses to run without a reward before drawing anything', async () => {
    const sampler = scriptedSampler({ t: ['1'] })
    await expect(bestOfN({ n: 2 }).run(sampler, task('t'))).rejects.toThrow('best-of-2 chooses by a reward')
    expect(sampler.requests).toEqual([])
  })

  it('has max@n as its objective', () => {
    const outcomes = [1, 0, 3, 2].map((reward) => ({ kind: 'scored' as const, reward }))
    expect(bestOfN({ n: 2 }).objective.estimate(outcomes)).toBeCloseTo(7 / 3, 14) // (1·1 + 2·2 + 3·3)/6
  })
})
