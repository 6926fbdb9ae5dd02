import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStream, type Decision, type RewardFunction, type Sampler, type Task } from '@posttrain/core'
import { exploreThenAllocate, type AllocationOptions, type ExploreThenAllocateOptions } from '@posttrain/sampling'
import { coins, decisionsOf as decide, spent, tasksOf } from '../support/coins.js'

const by: RewardFunction = {
  name: 'tests',
  score: async (task, samples) => {
    expect(task.reference).toBeUndefined()
    return samples.map(({ text }) => ({ kind: 'scored', reward: text === 'yes' ? 1 : 0 }))
  },
}

const decisionsOf = (
  options: Partial<ExploreThenAllocateOptions>,
  tasks: readonly Task[],
  run?: AllocationOptions,
  sampler?: Sampler,
): Promise<ReadonlyMap<string, Decision>> =>
  decide(exploreThenAllocate({ budget: 40, by, ...options }), tasks, run, sampler)

describe('exploring, then allocating', () => {
  it('spends on what has not passed, and not on what has', async () => {
    const tasks = tasksOf(1, 1, 0, 0, 0.5)
    const decisions = await decisionsOf({}, tasks)
    expect(decisions.size).toBe(5)
    for (const id of ['1 0', '1 1']) {
      expect(decisions.get(id)).toMatchObject({ answer: 'yes', stopped: 'decided', samples: [{ index: 0 }] })
    }
    const hard = [decisions.get('0 2')!, decisions.get('0 3')!]
    for (const { sample, stopped, reason, samples } of hard) {
      expect([sample, stopped]).toEqual([undefined, 'capped'])
      expect(reason).toBe(`none of ${samples.length} samples passed tests; the 40 samples of all tasks ended it`)
    }
    expect(Math.abs(hard[0]!.samples.length - hard[1]!.samples.length)).toBeLessThanOrEqual(1)
    expect(spent(decisions)).toBe(40)
  })

  it('gives up what is hopeless, and says so', async () => {
    const decisions = await decisionsOf({ budget: 1000, giveUpBelow: 0.05 }, tasksOf(1, 1, 1, 0, 0, 0))
    for (const id of ['0 3', '0 4', '0 5']) {
      const { stopped, reason, samples } = decisions.get(id)!
      expect([stopped, samples.length < 64]).toEqual(['gave-up', true])
      expect(reason).toContain('samples passed tests; the task was given up')
    }
    expect((await decisionsOf({ budget: 1000 }, tasksOf(0, 0))).get('0 0')).toMatchObject({ stopped: 'complete' })
  })

  it('never spends more than the budget, and every task gets a decision', async () => {
    const rates = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(rates, fc.nat({ max: 60 }), fc.nat(), async (all, more, seed) => {
        const tasks = tasksOf(...all)
        const budget = 2 * tasks.length + more
        const decisions = await decisionsOf({ budget }, tasks, { seed })
        expect(decisions.size).toBe(tasks.length)
        expect(spent(decisions)).toBeLessThanOrEqual(budget)
        for (const { sample, samples } of decisions.values()) {
          if (sample) expect(samples.filter(({ text }) => text === 'yes')).toEqual([sample])
          else expect(samples.every(({ text }) => text === 'no')).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('does not depend on which answer arrives first', async () => {
    const tasks = tasksOf(0.1, 0.9, 0.3, 0.02, 0.5, 0.2)
    const [one, other] = [await decisionsOf({}, tasks), await decisionsOf({}, tasks, {}, coins(true))]
    expect([...other].sort()).toEqual([...one].sort())
  })

  it('passes more tasks than as many samples of each, where tasks differ', async () => {
    const rates = Array.from({ length: 60 }, (_, i) => [0.9, 0.9, 0.15][i % 3]!)
    let [shared, uniform] = [0, 0]
    for (let seed = 0; seed < 10; seed++) {
      const tasks = tasksOf(...rates)
      const decisions = await decisionsOf({ budget: 120, explore: 1 }, tasks, { seed })
      shared += [...decisions.values()].filter(({ sample }) => sample).length
      const coin = (id: string, index: number) => createStream(seed, id, index).uniform() < Number(id.split(' ')[0])
      uniform += tasks.filter(({ id }) => [0, 1].some((index) => coin(id, index))).length
    }
    expect([shared, uniform]).toEqual([515, 457]) // of 600, with 120 samples a run
  })
})

describe('rules of a person in charge', () => {
  it('are kept: a floor for what has passed, a cap, and tags that get the full budget', async () => {
    const tasks = tasksOf(1, 1, 0.05)
    const floor = await decisionsOf({}, tasks, { rules: { floor: { samples: 5 } } })
    expect(floor.get('1 0')!.samples).toHaveLength(5)
    const cap = await decisionsOf({ budget: 100 }, tasksOf(0, 0), { rules: { cap: { samples: 4 } } })
    expect(cap.get('0 0')).toMatchObject({ stopped: 'capped', reason: expect.stringContaining('the cap of 4 samples') })
    expect(spent(cap)).toBe(8)
    const rules = { always: { kind: ['hard'] } }
    const always = await decisionsOf({ budget: 60, most: 20, giveUpBelow: 0.5 }, tasksOf(0, 0.3, 0.3, 0.3), { rules })
    expect(always.get('0 0')).toMatchObject({ stopped: 'complete', samples: { length: 20 } })
  })

  it('that the budget does not cover are refused before anything is drawn', async () => {
    let asked = 0
    const counting: Sampler = { sample: (requests, options) => (asked++, coins().sample(requests, options)) }
    const run = { rules: { floor: { samples: 5 } } }
    await expect(decisionsOf({ budget: 14 }, tasksOf(1, 1, 1), run, counting)).rejects.toThrow(
      '3 tasks get 5 samples each in any case, but the budget is 14',
    )
    await expect(decisionsOf({ most: 4 }, tasksOf(1), run, counting)).rejects.toThrow('draws at most 4')
    expect(asked).toBe(0)
  })
})

it.each([
  [{ budget: 0 }, 'budget'],
  [{ explore: 0 }, 'explore'],
  [{ explore: 5, most: 4 }, 'explore'],
  [{ giveUpBelow: 1 }, 'giveUpBelow'],
  [{ by: undefined as never }, 'exploreThenAllocate needs by'],
])('is not made with %j', (options, message) => {
  expect(() => exploreThenAllocate({ budget: 40, by, ...options })).toThrow(message)
})
