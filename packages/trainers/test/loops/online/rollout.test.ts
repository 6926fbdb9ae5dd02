import { letEventsRun, requestId, type RewardFunction, type Sample } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import { bestOf, majorityVote } from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'
import { remax } from '../../../src/algorithms/mean-reward.js'
import { policyGradient } from '../../../src/algorithms/policy-gradient.js'
import { rollOut } from '../../../src/loops/online/rollout.js'
import type { TrainOnlineOptions } from '../../../src/loops/online/settings.js'
import { transformReward } from '../../../src/rewards/transform-reward.js'
import { failing, newPolicy, noting, reward, settings, tasks, untouchable, words } from '../../support/online.js'

const objective = meanObjective()
const options = (changes: Partial<ReturnType<typeof settings>> = {}): TrainOnlineOptions => ({
  ...settings({ policy: untouchable, ...changes }),
  objective,
})
const tokensOf = (samples: readonly Sample[]): string => samples.map(({ text }) => text).join('')

describe('rollOut', () => {
  it('draws and judges a group for every prompt, and touches no policy', async () => {
    const sampler = noting(newPolicy())
    const { step, groups } = await rollOut(options(), 5, sampler)
    expect([step, groups.length]).toEqual([5, 3])
    for (const { task, samples, outcomes } of groups) {
      expect(samples.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
      expect(outcomes).toEqual(await reward.score(task, samples))
    }
    expect(sampler.calls).toHaveLength(1) // a local model has one batch
    expect(sampler.samples).toHaveLength(24)
  })

  it('names samples by step and place and keeps the one seed', async () => {
    const sampler = noting(newPolicy())
    const sampling = { temperature: 0.7, maxTokens: 1, stop: ['d'] }
    const { groups } = await rollOut(options({ sampling, seed: 9 }), 5, sampler)
    const ids = groups.map(({ task }, place) => requestId(task.id, 'step', 5, place))
    expect(sampler.calls[0]).toEqual(
      groups.map(({ task }, place) => ({ ...sampling, task, count: 8, seed: 9, id: ids[place] })),
    )
    expect(groups.map(({ samples }) => samples[0]!.id)).toEqual(ids)
  })

  it('draws the same whatever else is drawn, and something else at another step or seed', async () => {
    const drawn = async (step: number, changes: Parameters<typeof options>[0] = {}): Promise<string> => {
      const { groups } = await rollOut(
        options({ tasks: tasks.slice(0, 1), samplesPerPrompt: 40, ...changes }),
        step,
        newPolicy(),
      )
      return tokensOf(groups[0]!.samples)
    }
    expect(await drawn(3)).toBe(await drawn(3))
    expect((await drawn(3, { samplesPerPrompt: 50 })).slice(0, 40)).toBe(await drawn(3))
    expect(new Set([await drawn(3), await drawn(4), await drawn(3, { seed: 2 })]).size).toBe(3)
  })

  it('keeps a prompt that comes twice in a step apart by its place', async () => {
    const given = options({ tasks: tasks.slice(0, 1), promptsPerStep: 3, samplesPerPrompt: 40 })
    const { groups } = await rollOut(given, 0, newPolicy())
    expect(groups.map(({ task }) => task.id)).toEqual(['easy', 'easy', 'easy'])
    expect(new Set(groups.map(({ samples }) => tokensOf(samples))).size).toBe(3)
  })

  it('refuses a sampler that drops samples: it does not make a smaller group', async () => {
    const policy = newPolicy()
    const dropping = {
      async *sample(...args: Parameters<typeof policy.sample>) {
        for await (const sample of policy.sample(...args)) if (sample.index < 5) yield sample
      },
    }
    await expect(rollOut(options(), 0, dropping)).rejects.toMatchObject({
      code: 'invalid-data',
      message: 'the sampler ended without sample 5 of ["mixed","step",0,0]: 3 of 8 are missing',
    })
  })

  it('keeps failed samples in the group, without a score', async () => {
    const { groups } = await rollOut(
      options(),
      0,
      failing(newPolicy(), ({ index }) => index < 2),
    )
    for (const { samples, outcomes } of groups) {
      expect(samples.map(({ finish }) => finish)).toEqual([
        ...Array<string>(2).fill('failed'),
        ...Array<string>(6).fill('stop'),
      ])
      expect(outcomes.slice(0, 2)).toEqual(Array(2).fill({ kind: 'unscored', reason: 'cable cut' }))
      expect(outcomes.slice(2).every(({ kind }) => kind === 'scored')).toBe(true)
    }
  })

  it('uses known samples again, and tells of new ones', async () => {
    const { groups } = await rollOut(options(), 2, newPolicy())
    const known = groups.flatMap(({ samples }) => samples).filter(({ index }) => index % 3 !== 0)
    const sampler = noting(newPolicy())
    const told: Sample[] = []
    const again = await rollOut(options({ known, onSample: (sample) => void told.push(sample) }), 2, sampler)
    expect(again.groups).toEqual(groups)
    expect(sampler.samples.map(({ index }) => index)).toEqual([0, 3, 6, 0, 3, 6, 0, 3, 6])
    expect(told).toEqual(sampler.samples)
  })

  it('draws the most likely completion too, where the algorithm compares with it', async () => {
    const policy = newPolicy()
    policy.setLogits('mixed', [], [0, 2, 1, 0])
    policy.setLogits('easy', [], [0, 0, 0, 1])
    const sampler = noting(policy)
    const { groups } = await rollOut({ ...settings({ policy: untouchable }), algorithm: remax() }, 1, sampler)
    expect(sampler.calls.map((requests) => requests.map(({ count, temperature }) => [count, temperature]))).toEqual([
      Array(3).fill([8, undefined]),
      Array(3).fill([1, 0]),
    ])
    const greedy = Object.fromEntries(groups.map(({ task, greedy }) => [task.id, greedy!.outcomes[0]]))
    expect(greedy).toEqual({
      easy: { kind: 'scored', reward: 1, answer: 'd' },
      hard: { kind: 'scored', reward: 0, answer: 'a' },
      mixed: { kind: 'scored', reward: 1, answer: 'b' },
    })
    expect((await rollOut(options(), 1, newPolicy())).groups.every((group) => !('greedy' in group))).toBe(true)
  })

  it('judges no more groups at a time than it was told', async () => {
    const mostAtATime = async (concurrency: number | undefined): Promise<number> => {
      let [active, most] = [0, 0]
      const slow: RewardFunction = {
        name: 'slow',
        score: async (task, samples) => {
          most = Math.max(most, ++active)
          await letEventsRun() // until then all groups have been drawn
          active--
          return reward.score(task, samples)
        },
      }
      await rollOut(options({ reward: slow, concurrency }), 0, newPolicy())
      return most
    }
    expect([await mostAtATime(1), await mostAtATime(2), await mostAtATime(undefined)]).toEqual([1, 2, 3])
  })
})

describe('what a rollout reads', () => {
  const answersIn = async (given: TrainOnlineOptions): Promise<string[][]> => {
    const { groups } = await rollOut(given, 0, newPolicy())
    return groups.map(({ outcomes }) => outcomes.map(({ answer }) => answer!))
  }

  it('is what a procedure reads; an objective alone takes the keys of the reward', async () => {
    const given = settings({ policy: untouchable })
    const vote = majorityVote({ k: 3, answerOf: ({ text }) => (text < 'c' ? 'early' : 'late') })
    expect(new Set((await answersIn({ ...given, procedure: vote })).flat())).toEqual(new Set(['early', 'late']))
    expect(new Set((await answersIn({ ...given, objective: vote.objective })).flat())).toEqual(new Set(words))
  })

  it('has what a procedure chooses by in parts, without sight of the reference', async () => {
    const seen: unknown[] = []
    const by: RewardFunction = {
      name: 'proxy',
      score: async ({ reference }, samples) => {
        seen.push(reference)
        return samples.map(({ text }) => ({ kind: 'scored', reward: words.indexOf(text) }))
      },
    }
    const known = tasks.map((task) => ({ ...task, reference: 'a' }))
    const procedure = bestOf({ n: 2, by })
    const { groups } = await rollOut({ ...settings({ policy: untouchable, tasks: known }), procedure }, 0, newPolicy())
    for (const { samples, outcomes } of groups) {
      expect(outcomes.map(({ parts }) => parts)).toEqual(samples.map(({ text }) => ({ proxy: words.indexOf(text) })))
    }
    expect(seen).toEqual([undefined, undefined, undefined])
  })

  it('is the reward that the algorithm makes of the task’s', async () => {
    const halved = (inner: RewardFunction): RewardFunction => transformReward(inner, 'half', () => (r) => r / 2)
    const algorithm = { ...policyGradient(objective), transformReward: halved }
    const { groups } = await rollOut({ ...settings({ policy: untouchable }), algorithm }, 0, newPolicy())
    const rewards = groups.flatMap(({ outcomes }) =>
      outcomes.map((outcome) => outcome.kind === 'scored' && outcome.reward),
    )
    expect(new Set(rewards)).toEqual(new Set([0, 0.5]))
  })
})

describe('dynamic sampling', () => {
  const dynamic = (dynamicSampling: number): TrainOnlineOptions => ({
    ...settings({ policy: untouchable }),
    algorithm: { ...policyGradient(objective), flow: { dynamicSampling } },
  })

  it('draws prompts in place of those that said nothing, as often as it may', async () => {
    const sampler = noting(newPolicy())
    const { groups } = await rollOut(dynamic(2), 1, sampler)
    // Of three prompts one says something: two more are drawn, then as many as are still lacking.
    const says = (of: typeof groups): number => of.filter(({ task }) => task.id === 'mixed').length
    const rounds = sampler.calls.map((requests) => requests.map(({ task }) => task.id))
    expect(rounds.map(({ length }) => length)).toEqual([3, 2, 3 - says(groups.slice(0, 5))])
    expect(groups).toHaveLength(rounds.flat().length)
    expect(sampler.calls[1]!.map(({ id, task }) => [id, task.id])).toEqual(
      rounds[1]!.map((id, place) => [requestId(id, 'step', 1, 'again', 1, place), id]),
    )
  })

  it('draws no more once enough of them say something', async () => {
    const sampler = noting(newPolicy())
    const all = { ...dynamic(4), tasks: tasks.slice(2), promptsPerStep: 2 }
    await rollOut(all, 0, sampler)
    expect(sampler.calls).toHaveLength(1)
  })

  it('is not done unless asked for', async () => {
    const sampler = noting(newPolicy())
    await rollOut(options(), 1, sampler)
    expect(sampler.calls).toHaveLength(1)
  })
})
