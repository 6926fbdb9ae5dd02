import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ObjectiveProcedure, Procedure, RewardFunction, Task } from '@posttrain/core'
import { bordaWeights, keepMostConfident, maxAtKObjective } from '@posttrain/estimators'
import { procedureLaws } from '@posttrain/laws'
import * as sampling from '@posttrain/sampling'

const { bestOf, firstPassing, majorityVote, parseProcedure, singleSample, weightedMajorityVote } = sampling

/** Completions with what the verifier and the reward model say of them; undefined: not scored. */
const verdicts: Readonly<Record<string, { readonly gold: number | undefined; readonly proxy: number | undefined }>> = {
  x: { gold: 1, proxy: 0.5 },
  'x ': { gold: 1, proxy: 1 },
  y: { gold: 0, proxy: 1 },
  z: { gold: 0, proxy: undefined },
  w: { gold: undefined, proxy: 1 },
  '': { gold: 0, proxy: 0.5 },
  // Worth less than what has no score and counts as 0: whatever wins here must win in the estimate too.
  n: { gold: -1, proxy: -2 },
  m: { gold: -3, proxy: -1 },
  u: { gold: undefined, proxy: -1.5 },
  v: { gold: -2, proxy: undefined },
}
const failure = { text: '', failure: '503' }
const completions = [...['x', 'x ', 'y', 'z', 'w', ''].map((text) => ({ text })), failure]
const belowZero = [...['n', 'm', 'u', 'v', 'w'].map((text) => ({ text })), failure]
const task: Task = { id: 't', prompt: '?', reference: 'x' }

const table = (name: 'gold' | 'proxy'): RewardFunction => ({
  name,
  score: async ({ reference }, samples) => {
    // What chooses is deployed, and nobody knows the answer then.
    if (name === 'proxy') expect(reference).toBeUndefined()
    return samples.map(({ text }) => {
      const reward = verdicts[text]![name]
      return reward === undefined ? { kind: 'unscored', reason: 'timeout' } : { kind: 'scored', reward }
    })
  },
})
const [gold, by] = [table('gold'), table('proxy')]
/**
 * Weights of which none is the sum of others. The orders of a tuple average a random pick where tied answers have as many
 * votes each, but not where one vote ties with two: `weighted-majority-vote.test.ts` looks at that.
 */
const weight: RewardFunction = {
  name: 'weight',
  score: async (_, samples) =>
    samples.map(({ text }) => {
      const value = { x: 0.5, 'x ': 1.25, y: 0.5, w: 1.25, '': 0.5, n: -0.7, m: -0.7, u: -1.9 }[text]
      return value === undefined ? { kind: 'unscored', reason: 'timeout' } : { kind: 'scored', reward: value }
    }),
}
/** The same for one answer, so that where some votes are dropped no answer of one vote ties with one of two. */
const confidence: RewardFunction = {
  name: 'confidence',
  score: async (_, samples) =>
    samples.map(({ text }) => {
      const value = { x: 1.6, 'x ': 1.6, y: 1.6, w: 3.5, '': 1.6, n: 0.5, m: 0.5, u: 0.15 }[text]
      return value === undefined ? { kind: 'unscored', reason: 'timeout' } : { kind: 'scored', reward: value }
    }),
}
const comparing: RewardFunction = { ...by, comparesSamples: true }

/** Every procedure with an objective, with every rule it can be given. A new one joins here and gets the law. */
const everyProcedure: readonly (readonly [title: string, procedure: ObjectiveProcedure])[] = [
  ['singleSample', singleSample()],
  ...(['share', 'strict', 'first'] as const).flatMap((ties) =>
    (['abstain', 'vote', 'wrong'] as const).flatMap((unparsed) =>
      [1, 2, 3].map((k): [string, ObjectiveProcedure] => [
        `majorityVote, k = ${k}, ties ${ties}, unparsed ${unparsed}`,
        majorityVote({ k, ties, unparsed }),
      ]),
    ),
  ),
  ...[1, 2, 3].flatMap((k): [string, ObjectiveProcedure][] => [
    [`bestOf, n = ${k}`, bestOf({ n: k, by })],
    [`firstPassing, k = ${k}`, firstPassing({ k, by })],
  ]),
  ...[1, 2, 3].flatMap((k): [string, ObjectiveProcedure][] => [
    [`bestOf by the reward itself, n = ${k}`, bestOf({ n: k, by: gold })],
    [`firstPassing by the reward itself, k = ${k}`, firstPassing({ k, by: gold })],
  ]),
  ['firstPassing above a threshold, rejection sampling', firstPassing({ k: 2, by, threshold: 0.5 })],
  ...(['abstain', 'vote', 'wrong'] as const).flatMap((unparsed) =>
    [1, 2, 3].flatMap((k): [string, ObjectiveProcedure][] => [
      [`weightedMajorityVote, k = ${k}, unparsed ${unparsed}`, weightedMajorityVote({ k, by: weight, unparsed })],
      [
        `weightedMajorityVote by ranks, k = ${k}, unparsed ${unparsed}`,
        weightedMajorityVote({ k, by: weight, unparsed, weigh: bordaWeights(0.5) }),
      ],
      [
        `weightedMajorityVote of the most confident half, k = ${k}, unparsed ${unparsed}`,
        weightedMajorityVote({ k, by: confidence, unparsed, weigh: keepMostConfident(0.5) }),
      ],
    ]),
  ),
  ['firstPassing by a verifier that compares', firstPassing({ k: 2, by: comparing })],
  ['parseProcedure pass@2', parseProcedure('pass@2', { by }) as ObjectiveProcedure],
]

describe.each([
  ['rewards of 0 and 1', completions],
  ['negative rewards', belowZero],
])('of %s', (_, possible) => {
  describe.each(everyProcedure)('%s', (__, procedure) => {
    it.each(procedureLaws(procedure, { completions: possible, reward: gold, task }))('$name', ({ property }) =>
      fc.assert(property, { seed: 1, numRuns: 20 }),
    )
  })

  // Where a task has no reference, a procedure that chooses by the reward that counts asks it once.
  const { reference: _reference, ...open } = task
  describe.each(everyProcedure.filter(([title]) => title.includes('itself')))('%s, no reference', (__, procedure) => {
    it.each(procedureLaws(procedure, { completions: possible, reward: gold, task: open }))('$name', ({ property }) =>
      fc.assert(property, { seed: 1, numRuns: 20 }),
    )
  })
})

describe('the law', () => {
  it('would catch best-of-n that counts what has no score as 0, and so as better than a negative reward', async () => {
    const right = bestOf({ n: 2, by: gold })
    const counted: ObjectiveProcedure = { ...right, objective: maxAtKObjective({ k: 2 }) }
    const broken = procedureLaws(counted, { completions: belowZero, reward: gold, task })
    for (const { property } of broken) expect((await fc.check(property, { seed: 1, numRuns: 5 })).failed).toBe(true)
  })
})

describe('the table', () => {
  const options = { k: 2, n: 2, most: 2, low: 0.2, high: 0.8, by }
  const made = Object.entries(sampling).flatMap(([name, value]) => {
    if (value?.constructor.name !== 'Function') return [] // an asynchronous one makes no procedure
    try {
      const procedure = (value as (given: object) => Procedure)(options)
      return typeof procedure.run === 'function' ? [{ name, hasObjective: procedure.objective !== undefined }] : []
    } catch {
      return []
    }
  })
  const names = (hasObjective: boolean): string[] =>
    made.flatMap((one) => (one.hasObjective === hasObjective ? [one.name] : [])).sort()

  it('holds every procedure that is exported and has an objective', () => {
    expect(names(true)).toEqual(['bestOf', 'firstPassing', 'majorityVote', 'singleSample', 'weightedMajorityVote'])
    expect(names(true).filter((name) => !everyProcedure.some(([title]) => title.startsWith(name)))).toEqual([])
  })

  it('leaves those that look at what they drew to the exact runs of their own tests', () => {
    expect(names(false)).toEqual(['adaptiveVote', 'confidentVote', 'deepConf', 'sequentialTest', 'sequentialVoting'])
  })
})
