import type { Group, Outcome, RewardFunction, Sample, Sampler } from '@posttrain/core'
import { majorityObjective } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import {
  adaptiveVote,
  bestOf,
  evaluate,
  firstPassing,
  majorityVote,
  measureProcedures,
  replayGroups,
  singleSample,
  type MeasureProceduresOptions,
} from '@posttrain/sampling'

/** Samples whose texts are given, as many tokens long as their place says, and a count of what was drawn. */
function spoken(texts: Readonly<Record<string, readonly string[]>>) {
  const drawn: string[] = []
  const sampler: Sampler = {
    async *sample(requests) {
      for (const { task, count, firstIndex = 0, seed, id = task.id } of requests) {
        for (let index = firstIndex; index < firstIndex + count; index++) {
          drawn.push(`${id} ${index}`)
          const text = texts[task.id]![index % texts[task.id]!.length]!
          const usage = { promptTokens: 1, completionTokens: index + 1 }
          yield { id, taskId: task.id, index, seed, text, finish: 'stop', usage }
        }
      }
    },
  }
  return { sampler, drawn }
}

const reward: RewardFunction = {
  name: 'is a',
  score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text === 'a' ? 1 : 0 })),
}
const tasks = ['easy', 'hard'].map((id) => ({ id, prompt: '?' }))
const TEXTS = { easy: ['a', 'a', 'a', 'b'], hard: ['b', 'c', 'a', 'b'] }

describe('measureProcedures', () => {
  it('gives the estimate of an objective, and k samples of mean length as its cost', async () => {
    const { sampler } = spoken(TEXTS)
    const procedures = [singleSample(), majorityVote({ k: 3 })]
    const [single, vote] = await measureProcedures({ procedures, sampler, tasks, reward, samplesPerTask: 4 })
    const outcomesOf = (texts: readonly string[]) =>
      texts.map((answer) => ({ kind: 'scored' as const, answer, reward: answer === 'a' ? 1 : 0 }))
    expect(single!.perTask).toEqual([
      { taskId: 'easy', value: 0.75, samples: 1, tokens: 2.5, money: undefined, seconds: undefined },
      { taskId: 'hard', value: 0.25, samples: 1, tokens: 2.5, money: undefined, seconds: undefined },
    ])
    const exact = [TEXTS.easy, TEXTS.hard].map((texts) => majorityObjective({ k: 3 }).estimate(outcomesOf(texts)))
    expect(vote!.perTask.map(({ value }) => value)).toEqual(exact)
    expect([vote!.samples, vote!.tokens]).toEqual([3, 7.5])
    const { estimates } = await evaluate({ procedure: procedures[1]!, sampler, tasks, reward, samplesPerTask: 4 })
    expect(vote!.estimate).toEqual(estimates[0])
  })

  it('expects fewer samples of a procedure that ends at the first that passes', async () => {
    const { sampler } = spoken(TEXTS)
    const procedures = [firstPassing({ k: 2, by: reward }), bestOf({ n: 2, by: reward })]
    const [first, best] = await measureProcedures({ procedures, sampler, tasks, reward, samplesPerTask: 4 })
    // One of four fails: a second attempt with probability 1/4. Three of four: with 3/4.
    expect(first!.perTask.map(({ samples }) => samples)).toEqual([1.25, 1.75])
    expect(best!.perTask.map(({ samples }) => samples)).toEqual([2, 2])
    // Lengths are 1, 2, 3, 4: the failing one of `easy`, the fourth, is drawn first or after nothing else.
    expect(first!.perTask[0]!.tokens).toBeCloseTo(6 * (1 / 4 + 1 / 12) + 4 / 4, 12)
    expect(best!.perTask[0]!.tokens).toBe(5)
    expect(first!.perTask.map(({ value }) => value)).toEqual(best!.perTask.map(({ value }) => value))
  })

  it('runs what has no objective, and counts what its runs draw', async () => {
    const { sampler } = spoken(TEXTS)
    const procedures = [adaptiveVote({ most: 4 })]
    const [adaptive] = await measureProcedures({ procedures, sampler, tasks, reward, runs: 2 })
    // a, a, a, b draws all four: three of one accord are not enough. b, c, a, b has two b.
    expect(adaptive!.perTask).toEqual([
      { taskId: 'easy', value: 1, samples: 4, tokens: 10, money: undefined, seconds: undefined },
      { taskId: 'hard', value: 0, samples: 4, tokens: 10, money: undefined, seconds: undefined },
    ])
    expect(adaptive!.estimate).toMatchObject({ name: 'adaptive@4 (beta 0.95)', value: 0.5, tasks: 2 })
  })

  it('adds up money, and waits for the longest of a call and for one call after another', async () => {
    const { sampler: plain } = spoken(TEXTS)
    const sampler: Sampler = {
      async *sample(requests, options) {
        for await (const sample of plain.sample(requests, options)) {
          yield { ...sample, usage: { ...sample.usage, cost: 0.5 } }
        }
      },
    }
    const procedures = [
      majorityVote({ k: 2 }),
      firstPassing({ k: 2, by: reward }),
      adaptiveVote({ most: 4 }),
      adaptiveVote({ most: 4, atOnce: 4, threshold: 0.96 }),
    ]
    const secondsOf = ({ index }: Sample): number => index + 1
    const all = await measureProcedures({ procedures, sampler, tasks, reward, samplesPerTask: 4, secondsOf })
    const [vote, first, oneByOne, atOnce] = all
    expect(all.map(({ money }) => money)).toEqual([1, 0.75, 2, 2])
    expect(vote!.seconds).toBeCloseTo((2 * 1 + 3 * 2 + 4 * 3) / 6, 12) // the longer of two of 1, 2, 3, 4
    expect(first!.perTask[0]!.seconds).toBeCloseTo(6 * (1 / 4 + 1 / 12) + 4 / 4, 12)
    expect([oneByOne!.seconds, atOnce!.seconds]).toEqual([10, 4])
    const [untold] = await measureProcedures({ procedures, sampler: plain, tasks, reward, samplesPerTask: 4 })
    expect([untold!.money, untold!.seconds]).toEqual([undefined, undefined])
  })

  it('draws once what two procedures ask for alike', async () => {
    const { sampler, drawn } = spoken(TEXTS)
    const procedures = [singleSample(), majorityVote({ k: 3 }), adaptiveVote({ most: 4 }), adaptiveVote({ most: 3 })]
    const measured = await measureProcedures({ procedures, sampler, tasks, reward })
    expect(measured.map(({ samples }) => samples)).toEqual([1, 3, 4, 3])
    expect(drawn.length).toBe(2 * 3 + 2 * 4)
    expect(new Set(drawn).size).toBe(drawn.length)
  })

  it('counts a sample without a score as a failure, and says how many there were', async () => {
    const outcomes: Outcome[] = [
      { kind: 'scored', reward: 1 },
      { kind: 'unscored', reason: 'timeout' },
    ]
    const group = (id: string): Group => ({
      task: { id, prompt: '?' },
      outcomes,
      samples: [0, 1].map((index): Sample => {
        const usage = { promptTokens: 1, completionTokens: 1 }
        return { id, taskId: id, index, seed: 0, text: `${index}`, finish: 'stop', usage }
      }),
    })
    const replay = replayGroups([group('x'), group('y')])
    const [single] = await measureProcedures({ ...replay, procedures: [singleSample()], samplesPerTask: 2 })
    expect(single!.estimate).toMatchObject({ value: 0.5, unscored: 2, unscoredPolicy: 'count-as-failure' })
  })

  it('refuses what cannot be measured before anything is drawn', async () => {
    const { sampler, drawn } = spoken(TEXTS)
    const asked = (change: Partial<MeasureProceduresOptions>) =>
      measureProcedures({ procedures: [majorityVote({ k: 3 })], sampler, tasks, reward, ...change })
    await expect(asked({ procedures: [] })).rejects.toThrow('procedures must not be empty')
    await expect(asked({ procedures: [singleSample(), singleSample()] })).rejects.toThrow('the name single sample')
    await expect(asked({ samplesPerTask: 2 })).rejects.toThrow('maj@3')
    await expect(asked({ tasks: tasks.slice(1) })).rejects.toThrow('at least 2 tasks')
    await expect(asked({ tasks: [tasks[0]!, tasks[0]!] })).rejects.toThrow('easy')
    expect(drawn).toEqual([])
  })
})
