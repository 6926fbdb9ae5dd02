import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ObjectiveProcedure, RewardFunction, Task } from '@posttrain/core'
import { majorityVote, singleSample } from '@posttrain/sampling'
import { procedureLaws, type PossibleCompletion } from '@posttrain/laws'

const task: Task = { id: 't', prompt: '?', reference: 'x' }
const completions: readonly PossibleCompletion[] = [
  { text: 'x' },
  { text: 'x ' },
  { text: 'y' },
  { text: 'w' },
  { text: '', failure: '503' },
]
/** `w` cannot be scored; `x` is right. */
const reward: RewardFunction = {
  name: 'gold',
  score: async ({ reference }, samples) =>
    samples.map(({ text }) =>
      text === 'w'
        ? { kind: 'unscored', reason: 'timeout' }
        : { kind: 'scored', reward: text.trim() === reference ? 1 : 0 },
    ),
}

/** Names of the laws that a procedure breaks. */
async function broken(procedure: ObjectiveProcedure): Promise<string[]> {
  const names: string[] = []
  for (const { name, property } of procedureLaws(procedure, { completions, reward, task })) {
    if ((await fc.check(property, { seed: 1, numRuns: 10 })).failed) names.push(name)
  }
  return names
}

describe('procedureLaws', () => {
  it('hold for a vote and for a single sample', async () => {
    expect(await broken(majorityVote({ k: 3 }))).toEqual([])
    expect(await broken(singleSample())).toEqual([])
  })

  it('catch a vote that is run over texts and estimated over trimmed answers', async () => {
    const vote = majorityVote({ k: 3 })
    const raw = majorityVote({ k: 3, answerOf: ({ text }) => text })
    expect(await broken({ ...vote, run: raw.run })).toEqual([
      'maj@3: run agrees with what maj@3 estimates from 3 samples',
      'maj@3: run agrees with what maj@3 estimates from 4 samples',
    ])
  })

  it('catch a procedure that looks at the reference', async () => {
    const vote = majorityVote({ k: 3 })
    const peeking = { ...vote, answerOf: (_: unknown, { reference }: Task) => reference ?? 'none' }
    expect(await broken(peeking)).toHaveLength(2)
  })

  it('catch a decision whose sample was never drawn', async () => {
    const single = singleSample()
    const invented: ObjectiveProcedure = {
      ...single,
      run: async (...of) => {
        const decision = await single.run(...of)
        return { ...decision, sample: { ...decision.samples[0]!, index: 7, text: 'x' } }
      },
    }
    expect(await broken(invented)).toHaveLength(2)
  })
})
