import type { Sampler, Task } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { byDifficulty, majorityVote, runProcedure, singleSample } from '@posttrain/sampling'

const usage = { promptTokens: 1, completionTokens: 1 }
const sampler: Sampler = {
  async *sample(requests) {
    for (const { task, count, seed, id = task.id } of requests) {
      for (let index = 0; index < count; index++)
        yield { id, taskId: task.id, index, seed, text: '4', finish: 'stop', usage }
    }
  },
}
const procedures = [singleSample(), majorityVote({ k: 3 }), majorityVote({ k: 5 })]
const task = (prompt: string): Task => ({ id: prompt, prompt, reference: 'secret' })

describe('byDifficulty', () => {
  it('runs the procedure of the bin, whose last difficulty is its edge', async () => {
    const procedure = byDifficulty({ edges: [1, 3], procedures, difficultyOf: async ({ prompt }) => prompt.length })
    expect(procedure.objective).toBeUndefined()
    for (const [prompt, samples] of [
      ['a', 1],
      ['ab', 3],
      ['abc', 3],
      ['abcd', 5],
    ] as const) {
      const decision = await runProcedure(procedure, sampler, task(prompt))
      expect(decision.samples).toHaveLength(samples)
      expect(decision.answer).toBe('4')
      expect(decision.reason).toContain(`; difficulty ${prompt.length} is in bin`)
    }
  })

  it('shows no reference, and keeps the rules', async () => {
    const seen: (string | undefined)[] = []
    const difficultyOf = ({ reference }: Task): number => {
      seen.push(reference)
      return 9
    }
    const procedure = byDifficulty({ edges: [1, 3], procedures, difficultyOf })
    const decision = await procedure.run(sampler, task('a'), { rules: { cap: { samples: 2 } } })
    expect(seen).toEqual([undefined])
    expect([decision.samples.length, decision.stopped]).toEqual([2, 'capped'])
  })

  it('refuses edges that do not fit, and a difficulty that is none', async () => {
    const difficultyOf = () => NaN
    expect(() => byDifficulty({ edges: [3, 1], procedures, difficultyOf })).toThrow('not above the one before')
    expect(() => byDifficulty({ edges: [1], procedures, difficultyOf })).toThrow('2 bins, but there are 3 procedures')
    expect(() => byDifficulty({ edges: [1, 3], procedures, difficultyOf: 1 as never })).toThrow('difficultyOf')
    const procedure = byDifficulty({ edges: [1, 3], procedures, difficultyOf })
    await expect(procedure.run(sampler, task('a'))).rejects.toThrow('difficultyOf is NaN on task a')
  })
})
