import { createStream, requestId, type Group, type RewardFunction, type Sample, type Sampler } from '@posttrain/core'
import { passAtKObjective } from '@posttrain/estimators'
import { evaluate, exploreThenAllocate, exploreThenVote, groups, type Allocation } from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'
import { coins, decisionsOf, tasksOf } from './support/coins.js'
import { exactMatch, manualSignal, scriptedSampler, task } from './support/scripted-sampler.js'

/** What is right, to whoever knows no reference. */
const says = (right: string): RewardFunction => ({
  name: `is ${right}`,
  score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text === right ? 1 : 0 })),
})
const [isA, isYes] = [says('A'), says('yes')]
const tasks = [task('a'), task('b')]
const tokens = (samples: readonly Sample[]): number => samples.reduce((sum, { text }) => sum + text.length, 0)

describe('evaluate of an allocation', () => {
  it('is pass@k where every task may have k attempts before the verifier, over all that samples may say', async () => {
    const rates = [0.7, 0.2] as const
    const scripts = ['AA', 'AB', 'BA', 'BB']
    const chance = (letters: string, rate: number): number =>
      [...letters].reduce((product, letter) => product * (letter === 'A' ? rate : 1 - rate), 1)
    const allocation = exploreThenAllocate({ budget: 4, explore: 2, most: 2, by: isA })
    const value = [0, 0]
    let spent = 0
    for (const a of scripts) {
      for (const b of scripts) {
        const sampler = scriptedSampler({ a: [...a], b: [...b] })
        const report = await evaluate({ allocation, sampler, tasks, reward: exactMatch })
        expect(report.estimates.map(({ name }) => name)).toEqual(['explore-2-of-4 by is A', 'mean reward'])
        const probability = chance(a, rates[0]) * chance(b, rates[1])
        report.perTask.forEach(({ values }, i) => (value[i]! += probability * values[0]!))
        spent += probability * report.usage.completionTokens
      }
    }
    for (const [i, rate] of rates.entries()) expect(value[i]).toBeCloseTo(1 - (1 - rate) ** 2, 12)
    expect(spent).toBeCloseTo(2 + 0.3 + 0.8, 12) // a first attempt at each, and a second where that failed
  })

  it('is a vote of each task where the budget divides evenly, and costs the budget in every run', async () => {
    const sampler = scriptedSampler({ a: ['A', 'B', 'A', 'B', 'A'], b: ['A', 'B', 'B', 'B', 'A'] })
    const allocation = exploreThenVote({ budget: 10, explore: 5, threshold: 0.9999 })
    const report = await evaluate({ allocation, sampler, tasks, reward: exactMatch, samplesPerTask: 3 })
    expect(report.perTask.map(({ values, samples }) => [values, samples])).toEqual([
      [[1], 3],
      [[0], 3],
    ])
    expect(report.usage).toEqual({ promptTokens: 3 * 10 * 3, completionTokens: 3 * 10 })
  })

  it('runs independently, each run as it is when deployed', async () => {
    const [of, seed] = [tasksOf(0.3, 0.9, 0.5, 0.1), 4]
    const allocation = exploreThenAllocate({ budget: 12, by: isYes })
    const all = new Map<string, Group>()
    for await (const group of groups({
      allocation,
      sampler: coins(),
      tasks: of,
      reward: isYes,
      samplesPerTask: 8,
      seed,
    })) {
      all.set(group.task.id, group)
    }
    expect(all.size).toBe(4)
    for (let run = 0; run < 8; run++) {
      const idOf = ({ id }: { readonly id: string }): string => requestId(id, 'run', run)
      for (const [id, { sample, usage }] of await decisionsOf(allocation, of, { seed, idOf })) {
        const { samples, outcomes } = all.get(id)!
        expect(samples[run]).toMatchObject({ id, taskId: id, index: run, seed, text: sample?.text ?? '', usage })
        expect(outcomes[run]).toMatchObject({ kind: 'scored', reward: sample ? 1 : 0 })
      }
    }
    expect(new Set([...all.values()].map(({ samples }) => samples.map(({ text }) => text).join())).size).toBeGreaterThan(2) // prettier-ignore
  })

  it('scores an abstention 0 whatever the policy on unscored samples, and measures objectives of the runs', async () => {
    const sampler = scriptedSampler({ a: ['B'], b: ['A'] })
    const allocation = exploreThenAllocate({ budget: 6, by: isA })
    for (const unscored of ['count-as-failure', 'exclude', 'throw'] as const) {
      const objectives = [passAtKObjective({ k: 2 })]
      const report = await evaluate({ allocation, sampler, tasks, reward: exactMatch, objectives, unscored })
      expect(report.perTask.map(({ values }) => values)).toEqual([
        [0, 0],
        [1, 1],
      ])
      expect(report.usage.completionTokens).toBe(2 * (5 + 1))
    }
  })

  it('keeps rules, and asks the allocation before anything is drawn whether it can', async () => {
    const sampler = scriptedSampler({ a: ['A'], b: ['A'] })
    const allocation = exploreThenAllocate({ budget: 20, by: isA })
    const shared = { allocation, sampler, tasks, reward: exactMatch }
    const { perTask } = await evaluate({ ...shared, rules: { floor: { samples: 4 }, cap: { samples: 6 } } })
    expect(perTask.map(({ usage }) => usage.completionTokens)).toEqual([4, 4])
    const drawn = sampler.requests.length
    await expect(evaluate({ ...shared, rules: { floor: { samples: 11 } } })).rejects.toThrow('but the budget is 20')
    expect(sampler.requests).toHaveLength(drawn)
  })

  it('has intervals that leave out what tasks take from each other, as is said of them', async () => {
    const [sets, size] = [300, 30]
    const means: number[] = []
    let claimed = 0
    for (let set = 0; set < sets; set++) {
      const stream = createStream(set, 'tasks')
      const of = tasksOf(...Array.from({ length: size }, () => [0.95, 0.5, 0.2][stream.integer(3)]!))
      const allocation = exploreThenAllocate({ budget: 3 * size, explore: 1, by: isYes })
      const { perTask } = await evaluate({ allocation, sampler: coins(), tasks: of, reward: isYes, seed: set })
      const value = perTask.reduce((sum, { values }) => sum + values[0]!, 0) / size
      means.push(value)
      claimed += (value * (1 - value)) / (size - 1) / sets // the variance of a mean of independent tasks
    }
    const mean = means.reduce((sum, value) => sum + value, 0) / sets
    const variance = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sets - 1)
    // The ratio of the widths is its root, 1.9. With 300 sets it is known to 8 %.
    expect(variance / claimed).toBeCloseTo(3.79, 2)
  })

  it('is refused beside a procedure, and where it is none', async () => {
    const sampler = scriptedSampler({ a: ['A'], b: ['A'] })
    const shared = { sampler, tasks, reward: exactMatch }
    const allocation = exploreThenVote({ budget: 9 })
    const procedure = { name: 'p', run: async () => undefined }
    const refused: readonly (readonly [object, string])[] = [
      [{ allocation, procedure }, 'both procedure and allocation are given'],
      [{ allocation: {} }, 'allocation is an object, not an allocation'],
      [{ allocation: procedure }, 'allocation is an object, not an allocation'],
      [{ allocation, rules: { cap: { tokens: 0 } } }, 'cap.tokens'],
      [{ allocation, samplesPerTask: 0 }, 'samplesPerTask'],
    ]
    for (const [changes, message] of refused) {
      const error = { code: 'invalid-argument', message: expect.stringContaining(message) }
      await expect(evaluate({ ...shared, ...changes } as never)).rejects.toMatchObject(error)
      await expect(groups({ ...shared, ...changes }).next()).rejects.toMatchObject(error)
    }
    expect(sampler.requests).toEqual([])
  })
})

const names = ['a', 'b', 'c', 'd']
const four = names.map(task)
/** Draws its own way for each task: some are done early. */
const spread = (): Sampler => ({
  async *sample(requests) {
    for (const { task: of, id = of.id, firstIndex: index = 0, seed } of requests) {
      const passes = createStream(seed, id, index).uniform() < { a: 0.9, b: 0.5, c: 0.2, d: 0.1 }[of.id]!
      const usage = { promptTokens: 1, completionTokens: 1 }
      yield { id, taskId: of.id, index, seed, text: passes ? 'A' : 'B', finish: 'stop', usage }
    }
  },
})
const whole = { allocation: exploreThenAllocate({ budget: 24, by: isA }), tasks: four, samplesPerTask: 3, seed: 1 }

describe('nothing that an allocation paid for is lost', () => {
  it('stopped at any sample it goes on to the same report, without drawing one twice', async () => {
    const drawnAtOnce: Sample[] = []
    const onSample = (sample: Sample): void => void drawnAtOnce.push(sample)
    const report = await evaluate({ ...whole, sampler: spread(), reward: exactMatch, onSample })
    expect(report.usage.completionTokens).toBe(tokens(drawnAtOnce))
    for (let stop = 1; stop < drawnAtOnce.length; stop += 5) {
      const [known, knownGroups, more]: [Sample[], Group[], Sample[]] = [[], [], []]
      const signal = manualSignal()
      const stopped = evaluate({
        ...whole,
        sampler: spread(),
        reward: exactMatch,
        signal,
        onSample: (sample) => {
          if (known.push(sample) === stop) signal.abort()
        },
        onGroup: (group) => void knownGroups.push(group),
      })
      await expect(stopped).rejects.toMatchObject({ code: 'aborted' })
      const judged: string[] = []
      const reward: RewardFunction = {
        ...exactMatch,
        score: (of, samples) => (judged.push(of.id), exactMatch.score(of, samples)),
      }
      const again = { ...whole, sampler: spread(), reward, known, knownGroups }
      expect(await evaluate({ ...again, onSample: (sample) => void more.push(sample) })).toEqual(report)
      expect(known.length + more.length).toBe(drawnAtOnce.length)
      for (const group of knownGroups) expect(judged).not.toContain(group.task.id)
    }
  })

  it('does not run at all where every group is known', async () => {
    const knownGroups: Group[] = []
    const onGroup = (group: Group): void => void knownGroups.push(group)
    const report = await evaluate({ ...whole, sampler: spread(), reward: exactMatch, onGroup })
    const sampler: Sampler = { sample: () => expect.fail('it was asked') }
    const reward: RewardFunction = { name: 'r', score: () => expect.fail('it was asked') }
    const told: Group[] = []
    const again = evaluate({ ...whole, sampler, reward, knownGroups, onGroup: (group) => void told.push(group) })
    expect([await again, told]).toEqual([report, []])
  })

  it('hands over what was judged when it fails or hangs after some decisions', async () => {
    const halting = (after: () => Promise<never>): Allocation => ({
      name: 'halting',
      async *runAll(sampler, all, options) {
        let count = 0
        for await (const decision of exploreThenVote({ budget: 8 }).runAll(sampler, all, options)) {
          yield decision
          if (++count === 2) await after()
        }
      },
    })
    const kept: string[] = []
    const of = { ...whole, sampler: spread(), reward: exactMatch, samplesPerTask: 1 }
    const keep = (group: Group): void => void kept.push(group.task.id)
    const failing = halting(() => Promise.reject(new Error('boom')))
    await expect(evaluate({ ...of, allocation: failing, onGroup: keep })).rejects.toMatchObject({
      code: 'invalid-data',
      message: 'the allocation halting failed as it ran: boom',
    })
    expect(kept).toHaveLength(2)
    kept.length = 0
    const hanging = halting(() => new Promise(() => {}))
    const signal = manualSignal()
    const onGroup = (group: Group): void => {
      keep(group)
      if (kept.length === 2) signal.abort()
    }
    await expect(evaluate({ ...of, allocation: hanging, onGroup, signal })).rejects.toMatchObject({ code: 'aborted' })
    expect(kept).toHaveLength(2)
  })

  it('judges so many at a time, and begins nothing after a failure', async () => {
    let [running, most] = [0, 0]
    const asked: string[] = []
    const reward: RewardFunction = {
      name: 'slow',
      score: async (of, samples) => {
        asked.push(of.id)
        most = Math.max(most, ++running)
        await new Promise((resolve) => setImmediate(resolve))
        running--
        if (of.id === 'c') throw new Error('503')
        return exactMatch.score(of, samples)
      },
    }
    const allocation = exploreThenVote({ budget: 8, explore: 2 }) // all are decided at once
    const run = evaluate({ ...whole, allocation, sampler: spread(), reward, samplesPerTask: 1, tasksInFlight: 1 })
    await expect(run).rejects.toThrow('the reward slow failed on task c: 503')
    expect([most, asked]).toEqual([1, ['a', 'b', 'c']])
  })

  it('takes a stream of tasks, or none, and names what fails in it', async () => {
    async function* failing() {
      yield task('a')
      throw new Error('disk')
    }
    const of = { allocation: whole.allocation, sampler: spread(), reward: exactMatch }
    await expect(groups({ ...of, tasks: failing() }).next()).rejects.toThrow(/the stream of tasks failed .*disk/)
    expect((await groups({ ...of, tasks: [] }).next()).done).toBe(true)
    await expect(groups({ ...of, tasks: [task('a'), task('a')] }).next()).rejects.toThrow('two tasks have the id a')
  })
})
