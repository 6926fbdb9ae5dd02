import { requestId, type Group, type Outcome, type Sample } from '@posttrain/core'
import { bestOfNObjective, majorityObjective } from '@posttrain/estimators'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  adaptiveVote,
  bestOf,
  collect,
  evaluate,
  firstPassing,
  majorityVote,
  replayGroups,
  runProcedure,
} from '@posttrain/sampling'

const usage = { promptTokens: 3, completionTokens: 2 }

function groupOf(id: string, outcomes: readonly Outcome[], textOf = (i: number): string => `text ${i}`): Group {
  const samples = outcomes.map((_, index): Sample => {
    return { id: `other/${id}`, taskId: id, index, seed: 9, text: textOf(index), finish: 'stop', usage }
  })
  return { task: { id, prompt: '?', reference: 'secret' }, samples, outcomes }
}

const scored = (reward: number, answer?: string, proxy?: number): Outcome => ({
  kind: 'scored',
  reward,
  ...(answer !== undefined && { answer }),
  ...(proxy !== undefined && { parts: { proxy } }),
})

/** Two right ones of three answers, a proxy that is wrong about one, and a sample without a score. */
const OUTCOMES: readonly Outcome[] = [
  scored(1, '24', 0.2),
  scored(0, '23', 0.9),
  scored(1, '24', 0.5),
  scored(0, '22', 0.1),
  { kind: 'unscored', reason: 'timeout', answer: '23', parts: { proxy: null } },
]

describe('replayGroups', () => {
  it('gives every sample once, in an order that seed and id fix, under the key that was asked for', async () => {
    const { sampler, tasks } = replayGroups([groupOf('a', OUTCOMES)])
    const request = { task: tasks[0]!, count: 5, seed: 1, id: 'run 7' }
    const [all] = await collect(sampler, [request])
    expect(all!.map(({ text }) => text).sort()).toEqual([0, 1, 2, 3, 4].map((i) => `text ${i}`))
    expect(all!.map(({ id, seed, index }) => [id, seed, index])).toEqual([0, 1, 2, 3, 4].map((i) => ['run 7', 1, i]))
    const [later] = await collect(sampler, [{ ...request, firstIndex: 2, count: 3 }])
    expect(later).toEqual(all!.slice(2))
    const orders = new Set<string>()
    for (let seed = 0; seed < 400; seed++) {
      const [samples] = await collect(sampler, [{ ...request, seed }])
      orders.add(samples!.map(({ text }) => text).join())
    }
    expect(orders.size).toBeGreaterThan(100) // of 120; 400 draws miss 4 on average
  })

  it('evaluates as the objective does on the groups themselves, unscored samples and a proxy too', async () => {
    const groups = ['a', 'b'].map((id) => groupOf(id, OUTCOMES))
    const replay = replayGroups(groups)
    const asFailure = OUTCOMES.map((outcome) =>
      outcome.kind === 'scored' ? outcome : { ...scored(0, outcome.answer), parts: outcome.parts },
    ) as Extract<Outcome, { kind: 'scored' }>[]
    const by = replay.by('proxy')
    for (const [procedure, objective] of [
      [majorityVote({ k: 3, answerOf: replay.answerOf }), majorityObjective({ k: 3 })],
      [bestOf({ n: 2, by }), bestOfNObjective({ n: 2, by: 'proxy' })],
    ] as const) {
      const { estimates, usage: spent } = await evaluate({ ...replay, procedure, samplesPerTask: 5 })
      expect(estimates[0]!.value).toBeCloseTo(objective.estimate(asFailure), 14)
      expect(estimates[0]!.unscored).toBe(2)
      expect(spent.completionTokens).toBe(20)
    }
    const { estimates } = await evaluate({
      ...replay,
      objectives: [bestOfNObjective({ n: 2, by: 'proxy' })],
      samplesPerTask: 5,
    })
    expect(estimates[0]!.value).toBeCloseTo(bestOfNObjective({ n: 2, by: 'proxy' }).estimate(asFailure), 14)
  })

  it('runs a procedure with an objective to that estimate on average, whatever the group', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 3,
          maxLength: 6,
        }),
        fc.integer({ min: 0, max: 1000 }),
        async (drawn, seed) => {
          const group = groupOf(
            'a',
            drawn.map(([answer, proxy]) => scored(answer === 'a' ? 1 : 0, answer, proxy)),
          )
          const replay = replayGroups([group])
          const [task] = replay.tasks
          const runs = 1500
          for (const procedure of [
            majorityVote({ k: 3, answerOf: replay.answerOf }),
            bestOf({ n: 2, by: replay.by('proxy') }),
            firstPassing({ k: 2, by: replay.reward }),
          ]) {
            const exact = (
              await evaluate({
                ...replayGroups([
                  group,
                  { ...group, task: { ...task!, id: 'b' }, samples: group.samples.map((s) => ({ ...s, taskId: 'b' })) },
                ]),
                procedure,
                samplesPerTask: drawn.length,
              })
            ).estimates[0]!.value
            let sum = 0
            for (let run = 0; run < runs; run++) {
              const { sample } = await runProcedure(procedure, replay.sampler, task!, { seed, id: requestId('a', run) })
              if (!sample) continue
              const [outcome] = await replay.reward.score(task!, [sample])
              sum += outcome!.kind === 'scored' ? outcome!.reward : 0
            }
            // Five standard errors of a mean of runs in [0, 1].
            expect(Math.abs(sum / runs - exact)).toBeLessThan(5 * Math.sqrt((exact * (1 - exact)) / runs) + 1e-12)
          }
        },
      ),
      { numRuns: 4 },
    )
  })

  it('lets a procedure stop early, and judges what it chose', async () => {
    const replay = replayGroups(
      ['a', 'b'].map((id) =>
        groupOf(
          id,
          Array.from({ length: 40 }, () => scored(1, '24')),
        ),
      ),
    )
    const report = await evaluate({
      ...replay,
      procedure: adaptiveVote({ answerOf: replay.answerOf }),
      samplesPerTask: 3,
    })
    expect(report.estimates[0]!.value).toBe(1)
    expect(report.usage.completionTokens).toBe(2 * 3 * 4 * 2) // tasks, runs, four of one accord, tokens
  })

  it('takes the answer for a text where samples have none', async () => {
    const { sampler, tasks } = replayGroups([groupOf('a', OUTCOMES.slice(0, 1), () => '')])
    const [samples] = await collect(sampler, [{ task: tasks[0]!, count: 1, seed: 0 }])
    expect(samples![0]!.text).toBe('24')
  })

  it('gives nothing that is not there, and follows nothing that it cannot', async () => {
    const { sampler, tasks } = replayGroups([groupOf('a', OUTCOMES)])
    const request = { task: tasks[0]!, count: 5, seed: 1 }
    const asked = (change: object) => collect(sampler, [{ ...request, ...change }])
    await expect(asked({ count: 6 })).rejects.toThrow('6 samples of task a are asked for, but 5 are replayed')
    await expect(asked({ firstIndex: 4, count: 2 })).rejects.toThrow('6 samples of task a')
    await expect(asked({ task: { id: 'z', prompt: '?' } })).rejects.toThrow('no group of task z is replayed')
    await expect(asked({ temperature: 0.5 })).rejects.toThrow('asked for with temperature')
    await expect(asked({ maxTokens: 5 })).rejects.toThrow('asked for with maxTokens')
    await expect(asked({ stop: ['\n'] })).rejects.toThrow('asked for with stop')
    await expect(asked({ prompt: 'other' })).rejects.toThrow('a prompt of its own')
    await expect(asked({ prefix: [{ text: 'x' }] })).rejects.toThrow('a prefix')
    await expect(asked({ prefix: [], temperature: undefined })).resolves.toHaveLength(1)
  })

  it('refuses groups of one task, and to judge what is not its own', async () => {
    expect(() => replayGroups([groupOf('a', OUTCOMES), groupOf('a', OUTCOMES)])).toThrow('two tasks have the id a')
    expect(() => replayGroups([{ ...groupOf('a', OUTCOMES), outcomes: [] }])).toThrow('one outcome per sample')
    const group = groupOf('a', OUTCOMES)
    const { reward, by, sampler, tasks } = replayGroups([group])
    await expect(reward.score(group.task, group.samples)).rejects.toThrow('sample 0 of task a carries no outcome')
    const [samples] = await collect(sampler, [{ task: tasks[0]!, count: 5, seed: 1 }])
    await expect(by('length').score(group.task, samples!)).rejects.toThrow('has no part length')
    expect(await by('proxy').score(group.task, samples!)).toContainEqual({
      kind: 'unscored',
      reason: 'proxy has no score',
    })
    expect(reward.gives).toEqual(['proxy'])
  })
})
