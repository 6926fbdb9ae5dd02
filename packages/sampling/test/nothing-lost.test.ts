import type { Group, Procedure, RewardFunction, Sample, Sampler } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import { drawGroups, evaluate, groups, singleSample } from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'
import { exactMatch, manualSignal, scriptedSampler, task } from './support/scripted-sampler.js'

const names = ['a', 'b', 'c', 'd', 'e', 'f']
const script = Object.fromEntries(names.map((name) => [name, ['A', 'B']]))
const tasks = names.map(task)
const requests = tasks.map((of) => ({ task: of, count: 2, seed: 0 }))
/** In the order of the requests. */
const inOrder: Sampler = { sample: (asked) => scriptedSampler(script).sample([...asked].reverse()) }
const common = { sampler: inOrder, tasks, objectives: [meanObjective()], samplesPerTask: 2 }

/** A judge whose calls are ended by hand. */
function judgeByHand(): RewardFunction & {
  readonly asked: string[]
  answer(id: string): void
  fail(id: string, error: unknown): void
} {
  const open = new Map<string, { resolve: () => void; reject: (error: unknown) => void }>()
  const asked: string[] = []
  const wait = (id: string): Promise<void> => new Promise((resolve, reject) => open.set(id, { resolve, reject }))
  return {
    name: 'paid',
    asked,
    score: async (of, samples) => {
      asked.push(of.id)
      await wait(of.id)
      return exactMatch.score(of, samples)
    },
    answer: (id) => open.get(id)!.resolve(),
    fail: (id, error) => open.get(id)!.reject(error),
  }
}
const turns = async (count = 20): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}

describe('when a call fails', () => {
  it('no other begins, and those under way are waited for and handed over before it is thrown', async () => {
    const reward = judgeByHand()
    const kept: string[] = []
    const onGroup = (group: Group): void => void kept.push(group.task.id)
    let error: unknown
    const run = evaluate({ ...common, reward, concurrency: 3, onGroup }).catch((thrown: unknown) => (error = thrown))
    await turns()
    expect(reward.asked).toEqual(['a', 'b', 'c'])
    reward.answer('a')
    await turns()
    expect(reward.asked).toEqual(['a', 'b', 'c', 'd'])
    reward.fail('b', new Error('503'))
    await turns()
    expect([error, kept]).toEqual([undefined, ['a']]) // c and d are paid for and still under way
    reward.answer('d')
    reward.answer('c')
    await run
    expect(error).toMatchObject({ code: 'invalid-data', message: 'the reward paid failed on task b: 503' })
    expect(kept).toEqual(['a', 'd', 'c'])
    expect(reward.asked).toEqual(['a', 'b', 'c', 'd'])
  })

  it('an abort ends the wait for those under way', async () => {
    const reward = judgeByHand()
    const signal = manualSignal()
    const run = evaluate({ ...common, reward, concurrency: 2, signal })
    await turns()
    reward.fail('a', new Error('503'))
    await turns()
    signal.abort()
    await expect(run).rejects.toMatchObject({ code: 'aborted' })
    expect(reward.asked).toEqual(['a', 'b'])
  })

  it('what was judged is handed back, and neither drawn nor judged again', async () => {
    const failing: RewardFunction = {
      ...exactMatch,
      score: async (of, samples) => {
        if (of.id === 'd') throw new Error('503')
        return exactMatch.score(of, samples)
      },
    }
    const [known, knownGroups]: [Sample[], Group[]] = [[], []]
    const journal = {
      onSample: (one: Sample) => void known.push(one),
      onGroup: (one: Group) => void knownGroups.push(one),
    }
    const stopped = evaluate({ ...common, reward: failing, concurrency: 1, tasksInFlight: 2, ...journal })
    await expect(stopped).rejects.toThrow('failed on task d: 503')
    expect(knownGroups.map((group) => group.task.id)).toEqual(['a', 'b', 'c'])
    const sampler = scriptedSampler(script)
    const judged: string[] = []
    const counting: RewardFunction = {
      ...exactMatch,
      score: async (of, samples) => {
        judged.push(of.id)
        return exactMatch.score(of, samples)
      },
    }
    const news: string[] = []
    const onGroup = (group: Group): void => void news.push(group.task.id)
    const report = await evaluate({ ...common, sampler, reward: counting, known, knownGroups, onGroup })
    expect(judged.sort()).toEqual(['d', 'e', 'f'])
    expect(news.sort()).toEqual(['d', 'e', 'f'])
    expect(sampler.requests.map((request) => request.task.id)).not.toContain('a')
    expect(report).toEqual(await evaluate({ ...common, reward: exactMatch }))
  })

  it('of a run of a procedure, no other run begins, and groups that were judged are known again', async () => {
    const runs: string[] = []
    const procedure: Procedure = {
      name: 'odd',
      async run(sampler, of, options) {
        runs.push(of.id)
        if (of.id === 'b') throw new Error('no key')
        return singleSample().run(sampler, of, options)
      },
    }
    const knownGroups: Group[] = []
    const onGroup = (group: Group): void => void knownGroups.push(group)
    const of = { sampler: scriptedSampler(script), tasks, reward: exactMatch, tasksInFlight: 1, procedure }
    await expect(evaluate({ ...of, onGroup })).rejects.toThrow('the procedure odd failed on task b: no key')
    expect(runs).toEqual(['a', 'b'])
    expect(knownGroups.map((group) => group.task.id)).toEqual(['a'])
    const again: string[] = []
    const repaired: Procedure = { ...procedure, run: (sampler, one, options) => (again.push(one.id), singleSample().run(sampler, one, options)) } // prettier-ignore
    await evaluate({ ...of, procedure: repaired, knownGroups })
    expect(again).not.toContain('a')
    expect(again).toHaveLength(5)
  })
})

describe('known groups', () => {
  const all = async (options: Partial<Parameters<typeof groups>[0]>): Promise<Group[]> => {
    const found: Group[] = []
    for await (const group of groups({ ...common, reward: exactMatch, ...options })) found.push(group)
    return found
  }

  it('are drawn again where a sample failed or another number is asked for', async () => {
    const knownGroups = await all({})
    const failed = knownGroups.map((group) => ({ ...group, samples: group.samples.map((one) => ({ ...one, finish: 'failed' as const })) })) // prettier-ignore
    for (const [groupsKnown, count, drawn] of [
      [knownGroups, 2, 0],
      [failed, 2, 6],
      [knownGroups, 1, 6],
    ] as const) {
      // prettier-ignore
      const sampler = scriptedSampler(script)
      await all({ sampler, knownGroups: groupsKnown, samplesPerTask: count })
      expect(sampler.requests).toHaveLength(drawn)
    }
  })

  it('are refused if they are of another seed, or no groups', async () => {
    const knownGroups = await all({})
    await expect(all({ knownGroups, seed: 1 })).rejects.toThrow('known sample 0 of a has seed 0, not 1')
    const [first] = knownGroups
    for (const [wrong, message] of [
      [{ ...first!, outcomes: [] }, 'the group of task a does not have one outcome per sample'],
      [{ ...first!, outcomes: [null, null] }, 'sample 0 of the group of task a is wrong: null as its outcome'],
      [{ ...first!, samples: [null, null] }, 'sample 0 of the group of task a is wrong: it is null'],
      [{ ...first!, task: tasks[1]! }, 'sample 0 of the group of task b is wrong: it is of task a'],
      [null, 'a group is null'],
    ] as const) {
      await expect(all({ knownGroups: [wrong as never] })).rejects.toThrow(message)
    }
  })
})

describe('an abort', () => {
  const hanging: RewardFunction = { name: 'hanging', score: () => new Promise(() => {}) }
  const never = (): Promise<never> => new Promise(() => {})
  const cases = {
    'a reward': { reward: hanging },
    'what chooses': { procedure: { ...singleSample(), by: hanging } },
    'a sampler': { sampler: { sample: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }) } }, // prettier-ignore
    'a procedure': { procedure: { name: 'odd', run: never } },
    'the stream of tasks': { tasks: (async function* () { yield task('a'); await never() })() }, // prettier-ignore
    onSample: { onSample: never },
    onGroup: { onGroup: never },
  }
  it.each(Object.entries(cases))('ends within a few turns where %s hangs', async (_, changes) => {
    const signal = manualSignal()
    let error: unknown
    void evaluate({ ...common, reward: exactMatch, ...changes, signal }).catch((thrown: unknown) => (error = thrown))
    await turns()
    expect(error).toBeUndefined()
    signal.abort()
    await turns(3)
    expect(error).toMatchObject({ code: 'aborted' })
  })

  it('while groups are judged makes no report, though every judge would still answer', async () => {
    const signal = manualSignal()
    const slow: RewardFunction = {
      name: 'slow',
      score: async (of, samples) => {
        if (of.id === 'f') signal.abort()
        return exactMatch.score(of, samples)
      },
    }
    await expect(evaluate({ ...common, reward: slow, signal })).rejects.toMatchObject({ code: 'aborted' })
  })

  it('hands over the groups that were judged by then', async () => {
    const signal = manualSignal()
    const reward = judgeByHand()
    const kept: string[] = []
    const onGroup = async (group: Group): Promise<void> => {
      kept.push(group.task.id)
      await never()
    }
    const run = evaluate({ ...common, reward, signal, onGroup })
    await turns()
    for (const id of ['a', 'b', 'c']) reward.answer(id)
    await turns()
    expect(kept).toEqual(['a'])
    signal.abort()
    await expect(run).rejects.toMatchObject({ code: 'aborted' })
    expect(kept).toEqual(['a', 'b', 'c'])
  })

  it('tells the judges under way', async () => {
    const signal = manualSignal()
    let told = 0
    const polite: RewardFunction = {
      name: 'polite',
      score: (_, __, options) => new Promise((resolve) => options!.signal!.addEventListener('abort', () => { told++; resolve([]) })), // prettier-ignore
    }
    const run = evaluate({ ...common, reward: polite, signal })
    await turns()
    signal.abort()
    await expect(run).rejects.toMatchObject({ code: 'aborted' })
    expect(told).toBe(6)
  })
})

it('a consumer that has had enough ends the judging', async () => {
  let told = 0
  const polite: RewardFunction = {
    name: 'polite',
    score: async (of, samples, options) => {
      if (of.id === 'a') return exactMatch.score(of, samples)
      options!.signal!.addEventListener('abort', () => told++)
      return new Promise(() => {})
    },
  }
  for await (const _ of drawGroups(scriptedSampler(script), requests, { reward: polite })) break
  expect(told).toBe(5)
})

it('platforms get a turn while samples are taken, however many there are', async () => {
  const many = 20_000
  const sampler = scriptedSampler({ a: ['A'], b: ['B'] })
  let fired = 0
  const timer = setInterval(() => fired++, 0)
  await evaluate({ ...common, sampler, tasks: tasks.slice(0, 2), samplesPerTask: many, reward: exactMatch })
  clearInterval(timer)
  expect(fired).toBeGreaterThan(5)
})
