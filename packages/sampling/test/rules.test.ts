import { describe, expect, it } from 'vitest'
import type { BudgetRules, Group, Objective, Procedure, RewardFunction, Sample, Task } from '@posttrain/core'
import { meanObjective, passAtKObjective } from '@posttrain/estimators'
import * as sampling from '@posttrain/sampling'
import { exactMatch, scriptedSampler, task } from './support/scripted-sampler.js'

const { adaptiveVote, bestOf, collect, evaluate, firstPassing, groups, majorityVote, procedureSampler } = sampling

/** Probabilities of what a sample says; A is right. */
const odds = { A: 0.6, B: 0.25, C: 0.15 }

/** Every sequence of so many samples, with its probability. */
function* sequences(length: number): Generator<{ readonly texts: readonly string[]; readonly probability: number }> {
  if (length === 0) return yield { texts: [], probability: 1 }
  for (const { texts, probability } of sequences(length - 1)) {
    for (const [text, odd] of Object.entries(odds)) yield { texts: [...texts, text], probability: probability * odd }
  }
}

/** The expected value of task a over everything that so many samples can say. */
async function expectedValue(procedure: Procedure, length: number, rules?: BudgetRules): Promise<number> {
  let sum = 0
  for (const { texts, probability } of sequences(length)) {
    const sampler = scriptedSampler({ a: texts, b: texts })
    const report = await evaluate({ sampler, tasks: [task('a'), task('b')], reward: exactMatch, procedure, rules })
    expect(report.estimates[0]!.name).toBe(procedure.name)
    sum += probability * report.perTask[0]!.values[0]!
  }
  return sum
}

/** The first sample that says A. */
const isA: RewardFunction = {
  name: 'is A',
  score: async (_: Task, samples: readonly Sample[]) =>
    samples.map(({ text }) => ({ kind: 'scored', reward: text === 'A' ? 1 : 0 })),
}

describe('evaluate with rules', () => {
  // Ties are strict: a random pick is equal in expectation over seeds, not each time.
  it.each([
    majorityVote({ k: 3, ties: 'strict' }),
    majorityVote({ k: 4, ties: 'first' }),
    firstPassing({ k: 3, by: isA }),
    bestOf({ n: 2, by: isA }),
  ])('that bind nothing agrees in expectation with the objective: $name', async (procedure) => {
    const { k } = procedure.objective
    expect(await expectedValue(procedure, k, {})).toBeCloseTo(await expectedValue(procedure, k), 12)
  })

  it('measures a vote under a cap as the vote of as many samples', async () => {
    const vote = majorityVote({ k: 5, ties: 'strict' })
    const capped = await expectedValue(vote, 3, { cap: { samples: 3 } })
    // At least two of three say A: 3·0.6²·0.4 + 0.6³. Without the cap at least three of five do: 0.68256.
    expect(capped).toBeCloseTo(0.648, 12)
    expect(await expectedValue(vote, 5)).toBeCloseTo(0.68256, 12)
  })

  it('spends what the rules demand, and runs as often as it is told', async () => {
    const spent = async (rules: BudgetRules): Promise<readonly number[]> => {
      const { perTask } = await evaluate({
        sampler: scriptedSampler({ a: ['A'], b: ['A'] }),
        tasks: [{ ...task('a'), tags: { customer: 'gold' } }, task('b')],
        reward: exactMatch,
        procedure: firstPassing({ k: 8, by: isA }),
        rules,
        samplesPerTask: 3,
      })
      expect(perTask.map(({ values, samples }) => [values, samples])).toEqual([
        [[1], 3],
        [[1], 3],
      ])
      return perTask.map(({ usage }) => usage.completionTokens / 3)
    }
    expect(await spent({})).toEqual([1, 1])
    expect(await spent({ floor: { samples: 5 } })).toEqual([5, 5])
    expect(await spent({ always: { customer: ['gold'] } })).toEqual([8, 1])
    expect(await spent({ always: { customer: ['gold'] }, cap: { samples: 6 } })).toEqual([6, 1])
  })

  it('measures other objectives of the runs', async () => {
    const { estimates } = await evaluate({
      sampler: scriptedSampler({ a: ['A', 'B'], b: ['B', 'B'] }),
      tasks: [task('a'), task('b')],
      reward: exactMatch,
      procedure: majorityVote({ k: 2, ties: 'first' }),
      objectives: [passAtKObjective({ k: 3 })],
      rules: { cap: { samples: 1 } },
    })
    expect(estimates.map(({ name, value, samplesPerTask }) => [name, value, samplesPerTask.min])).toEqual([
      ['maj@2', 0.5, 3],
      ['pass@3', 0.5, 3],
      ['mean reward', 0.5, 3],
    ])
  })

  it('scores what a choice by a reward answers, although nothing is chosen among runs', async () => {
    const debts: RewardFunction = {
      name: 'debts',
      score: async (_, samples) =>
        samples.map(({ text }) =>
          text === '?' ? { kind: 'unscored', reason: 'timeout' } : { kind: 'scored', reward: -1 },
        ),
    }
    const { estimates } = await evaluate({
      sampler: scriptedSampler({ a: ['?', '?', 'B'], b: ['B'] }),
      tasks: [task('a'), task('b')],
      reward: debts,
      procedure: bestOf({ n: 3, by: isA }),
      rules: { cap: { samples: 1 } },
      samplesPerTask: 2,
    })
    expect(estimates[0]).toMatchObject({ name: 'best-of-3 by is A', value: -0.5 })
  })

  it('are refused before anything is drawn where nothing keeps them, or nobody could', async () => {
    const sampler = scriptedSampler({ a: ['A'], b: ['A'] })
    const shared = { sampler, tasks: [task('a'), task('b')], reward: exactMatch }
    const procedure = adaptiveVote({ most: 4 })
    const refused: readonly (readonly [object, string])[] = [
      [{ objectives: [meanObjective()], rules: {} }, 'rules are given, but nothing that keeps them'],
      [{ procedure, rules: null }, 'rules is null'],
      [{ procedure, rules: 4 }, 'rules is 4'],
      [{ procedure, rules: { cap: { samples: 0 } } }, 'cap.samples'],
      [{ procedure, rules: { floor: { samples: 5 } } }, 'the procedure draws at most 4'],
      [{ procedure, rules: {}, objectives: [{ ...meanObjective(), reads: ['x'] } as Objective] }, 'reads the part x'],
    ]
    for (const [changes, message] of refused) {
      await expect(evaluate({ ...shared, ...changes } as never)).rejects.toMatchObject({
        code: 'invalid-argument',
        message: expect.stringContaining(message),
      })
    }
    const by = { ...shared, procedure: bestOf({ n: 2, by: isA }), rules: {} }
    const objectives = [{ ...meanObjective(), reads: ['is A'] } as Objective]
    await expect(evaluate({ ...by, objectives })).rejects.toThrow('reads the part is A, which nothing gives')
    expect(sampler.requests).toEqual([])
  })
})

it('groups hold one sample per run under rules', async () => {
  const all: Group[] = []
  const options = { sampler: scriptedSampler({ a: ['B', 'A'] }), tasks: [task('a')], reward: exactMatch }
  const procedure = majorityVote({ k: 5 })
  for await (const group of groups({ ...options, procedure, rules: { cap: { samples: 1 } } })) all.push(group)
  expect(all.map(({ samples }) => samples.map(({ text, usage }) => [text, usage.completionTokens]))).toEqual([
    [['B', 1]],
  ])
  const without = groups({ ...options, rules: {} })
  await expect(without.next()).rejects.toThrow('rules are given, but nothing that keeps them')
})

it('a procedure behind a sampler keeps the rules', async () => {
  const inner = scriptedSampler({ a: ['A', 'B', 'B'] })
  const request = { task: task('a'), count: 2, seed: 0 }
  const sampler = procedureSampler(majorityVote({ k: 3 }), inner, { rules: { cap: { samples: 1 } } })
  const [samples] = await collect(sampler, [request])
  expect(samples!.map(({ text, usage }) => [text, usage.completionTokens])).toEqual([
    ['A', 1],
    ['A', 1],
  ])
  const wrong = { cap: { samples: 0 } }
  expect(() => procedureSampler(majorityVote({ k: 3 }), inner, { rules: wrong })).toThrow('cap.samples')
  expect(() => procedureSampler({ name: 'none' } as never, inner)).toThrow('procedure is an object, not a procedure')
})
