import { describe, expect, it } from 'vitest'
import type { Decision, RewardFunction } from '@posttrain/core'
import { graphOfThoughts, type ThoughtOperation } from '@posttrain/sampling'
import { speakingSampler } from '../support/speaking-sampler.js'

const task = { id: 'sort', prompt: '5,3,4,1,6,2', reference: 'secret' }

/** Numbers that follow one that is no larger. */
const by: RewardFunction = {
  name: 'in order',
  score: async (_, samples) =>
    samples.map(({ text }) => {
      const list = text.split(',').map(Number)
      if (list.some(Number.isNaN)) return { kind: 'unscored', reason: 'no list' }
      return { kind: 'scored', reward: list.filter((n, i) => i > 0 && list[i - 1]! <= n).length }
    }),
}

/** Sorts or merges; its first attempt at a merge leaves the largest number in front, and it can correct that. */
const sorter = (fails: (id: string) => boolean = () => false): ReturnType<typeof speakingSampler> =>
  speakingSampler((prompt, _, { id }) => {
    if (fails(id!)) return '!'
    const [what, list] = prompt.split(' ')
    const sorted = list!.split(',').sort((a, b) => Number(a) - Number(b))
    if (what === 'merge0') sorted.unshift(sorted.pop()!)
    if (what === 'merge2') return 'no list'
    return sorted.join(',')
  })

const half: ThoughtOperation = {
  kind: 'generate',
  count: 2,
  prompt(of, thoughts, index) {
    expect([of.reference, thoughts]).toEqual([undefined, []])
    return `sort ${(of.prompt as string)
      .split(',')
      .slice(index * 3, index * 3 + 3)
      .join(',')}`
  },
}
const merge = (count: number): ThoughtOperation => ({
  kind: 'aggregate',
  count,
  prompt: (_, thoughts, index) => `merge${index} ${thoughts.join(',')}`,
})
const correct: ThoughtOperation = { kind: 'refine', prompt: (_, [list]) => `correct ${list!}` }
const run = (operations: readonly ThoughtOperation[], sampler = sorter(), options = {}): Promise<Decision> =>
  graphOfThoughts({ operations, by }).run(sampler, task, options)

describe('graphOfThoughts', () => {
  it('joins parts, keeps the best and refines it', async () => {
    const joined = await run([half, merge(1)])
    expect(joined.answer).toBe('6,1,2,3,4,5')
    expect(joined.nodes).toEqual([
      { id: 'generate/0/0', parents: [], sample: 0, value: null, isFinished: true },
      { id: 'generate/0/1', parents: [], sample: 1, value: null, isFinished: true },
      { id: 'aggregate/1/0', parents: ['generate/0/0', 'generate/0/1'], sample: 2, value: 4, isFinished: true },
    ])
    expect((await run([half, merge(2), { kind: 'keep', count: 1 }])).answer).toBe('1,2,3,4,5,6')
    const refined = await run([half, merge(1), correct])
    expect(refined.answer).toBe('1,2,3,4,5,6')
    expect(refined.reason).toBe('the best of 2 thoughts by in order is refine/2/0 with 5')
  })

  it('draws in one call per operation, and judges each thought once', async () => {
    let judged = 0
    const counting: RewardFunction = {
      ...by,
      score(of, samples) {
        judged += samples.length
        return by.score(of, samples)
      },
    }
    const calls: number[] = []
    const inner = sorter()
    const sampler: typeof inner = {
      ...inner,
      sample(requests) {
        calls.push(requests.length)
        return inner.sample(requests)
      },
    }
    const operations = [half, merge(3), { kind: 'keep', count: 2 }, correct] as const
    const decision = await graphOfThoughts({ operations, by: counting }).run(sampler, task)
    expect(calls).toEqual([2, 3, 2])
    expect(judged).toBe(5)
    expect(decision.nodes!.find(({ id }) => id === 'aggregate/1/2')!.value).toBeNull()
  })

  it('leaves out what failed, and keeps a cap', async () => {
    const one = await run(
      [half, merge(2)],
      sorter((id) => id.includes('"aggregate",1,1')),
    )
    expect(one.answer).toBe('6,1,2,3,4,5')
    const capped = await run([half, merge(2)], sorter(), { rules: { cap: { samples: 3 } } })
    expect([capped.answer, capped.stopped, capped.samples.length]).toEqual(['6,1,2,3,4,5', 'capped', 3])
    const none = await run(
      [half, merge(2)],
      sorter(() => true),
    )
    expect([none.answer, none.samples.length]).toEqual([undefined, 2])
  })

  it('draws no more than the sum of its operations', async () => {
    const operations = [half, correct, correct, { kind: 'keep', count: 3 }, merge(2)] as const
    expect((await run(operations)).samples).toHaveLength(2 + 2 + 4 + 2)
    await expect(run(operations, sorter(), { rules: { floor: { samples: 11 } } })).rejects.toThrow('draws at most 10')
  })

  it('refuses operations that cannot be', async () => {
    const make = (operations: readonly ThoughtOperation[]) => () => graphOfThoughts({ operations, by })
    expect(make([])).toThrow('has no operations')
    expect(make([merge(2)])).toThrow('operations[0].kind must be one of generate')
    expect(make([half, { kind: 'keep', count: 0 }])).toThrow('operations[1].count must be')
    const wrong: ThoughtOperation = { kind: 'generate', prompt: () => ({}) as never }
    await expect(run([wrong])).rejects.toThrow('operations[0].prompt gave')
  })
})
