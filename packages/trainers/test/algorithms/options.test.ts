import type { Sampler } from '@posttrain/core'
import {
  bestOfNAware,
  bondBackward,
  collectReferenceRewards,
  dapo,
  drGrpo,
  expensiveDensity,
  forgetting,
  generalisedAdvantage,
  grpo,
  ibpo,
  infAlign,
  klRegularised,
  passAtKTraining,
  policyGradient,
  ppo,
  reinforcePlusPlus,
  replay,
  rloo,
  stages,
  variationalBestOfN,
  whitenedReturns,
  withOverlongPenalty,
  withPpoClip,
} from '@posttrain/trainers'
import { meanObjective } from '@posttrain/estimators'
import { fixedKl } from '@posttrain/kl'
import { describe, expect, it } from 'vitest'

const reward = { name: 'r', score: async () => [] }
const row = policyGradient(meanObjective())
const costGroupOf = (): number => 0
const budget = { costGroupOf, budgets: [{ groups: [1], share: 0.5 }] }
const evaluations = [[{ value: 1, samples: 8 }], [{ value: 1, samples: 8 }]]
/** Every number that an algorithm, its cells or a guard is made with: its name, and values that it cannot have. */
const options: readonly (readonly [name: string, make: (value: number) => unknown, values: readonly number[]])[] = [
  ['klCoefficient', (klCoefficient) => rloo({ klCoefficient }), [-1, NaN, Infinity]],
  ['klCoefficient', (klCoefficient) => grpo({ klCoefficient }), [-1, NaN, Infinity]],
  ['klCoefficient', (klCoefficient) => reinforcePlusPlus({ klCoefficient }), [-1, NaN, Infinity]],
  ['klCoefficient', (klCoefficient) => ppo({ klCoefficient }), [-1, NaN, Infinity]],
  ['klCoefficient', (klCoefficient) => klRegularised({ klCoefficient }), [-1, NaN, Infinity]],
  ['klCoefficient', (klCoefficient) => infAlign({ t: 1, klCoefficient }), [-1, 0, NaN, Infinity]],
  ['t', (t) => infAlign({ t, klCoefficient: 1 }), [0, NaN, Infinity]],
  ['lambda', (lambda) => ppo({ lambda }), [-0.1, 1.1, NaN]],
  ['valueCoefficient', (valueCoefficient) => ppo({ valueCoefficient }), [-1, NaN, Infinity]],
  ['epochs', (epochs) => ppo({ epochs }), [0, -1, 1.5, NaN]],
  ['epochs', (epochs) => withPpoClip(row, { epochs }), [0, -1, 1.5, NaN]],
  ['clipLow', (clipLow) => withPpoClip(row, { clipLow }), [-0.1, 1.1, NaN]],
  ['maxTokens', (maxTokens) => drGrpo({ maxTokens }), [0, -1, 1.5, NaN]],
  ['maxTokens', (maxTokens) => dapo({ maxTokens }), [0, -1, 1.5, NaN]],
  ['maxTokens', (maxTokens) => withOverlongPenalty(reward, { maxTokens, cache: 1 }), [0, 1.5, NaN]],
  ['cache', (cache) => withOverlongPenalty(reward, { maxTokens: 4, cache }), [0, 5, 1.5, NaN]],
  ['k', (k) => passAtKTraining({ k }), [0, 1.5, NaN]],
  ['k', (k) => passAtKTraining({ k, form: 'partition' }), [0, 1.5, NaN]],
  ['form.bootstrapSeed', (bootstrapSeed) => passAtKTraining({ k: 2, form: { bootstrapSeed } }), [0.5, NaN]],
  ['n', (n) => bestOfNAware({ n }), [0, 1.5, NaN]],
  ['clip', (clip) => bestOfNAware({ n: 2, clip }), [-1, NaN, Infinity]],
  ['n', (n) => variationalBestOfN({ n }), [1, 0, NaN, Infinity]],
  ['n', (n) => bondBackward({ n }), [1, 0, NaN, Infinity]],
  ['until', (until) => stages([{ algorithm: row, until }, { algorithm: row }]), [0, 1.5, NaN]],
  ['gamma', (gamma) => generalisedAdvantage({ gamma }), [-0.1, 1.1, NaN]],
  ['lambda', (lambda) => generalisedAdvantage({ lambda }), [-0.1, 1.1, NaN]],
  ['gamma', (gamma) => whitenedReturns({ gamma }), [-0.1, 1.1, NaN]],
  ['groups', (groups) => ibpo({ ...budget, groups }), [1, 2.5, NaN]],
  ['the share of budgets[0]', (share) => ibpo({ costGroupOf, budgets: [{ groups: [1], share }] }), [-0.1, 1.1, NaN]],
  ['a group of budgets[0]', (group) => ibpo({ costGroupOf, budgets: [{ groups: [group], share: 1 }] }), [-1, 2, 0.5]],
  ['share', (share) => replay(() => [1], { retained: [1], share, seed: 0 }), [-0.1, 1, NaN]],
  ['seed', (seed) => replay(() => [1], { retained: [1], share: 0.5, seed }), [0.5, NaN]],
]

describe('numbers out of range', () => {
  it.each(options)('%s is refused by its name', (name, make, values) => {
    for (const value of values) {
      let error: unknown
      try {
        make(value)
      } catch (thrown) {
        error = thrown
      }
      expect(error, `${name} = ${value}`).toMatchObject({ code: 'invalid-argument' })
      expect((error as Error).message).toMatch(new RegExp(`^${name.replace(/[[\].]/g, '\\$&')} `))
      expect((error as Error).message).toContain(String(value))
    }
  })

  it('are refused where something is drawn, before it is', async () => {
    const sampler: Sampler = {
      sample: () => {
        throw new Error('drawn from')
      },
    }
    const tasks = ['a', 'b'].map((id) => ({ id, prompt: id }))
    const density = { sampler, tasks, costGroupOf, share: 0.5 }
    const collected = { reference: sampler, tasks, reward, count: 4 }
    const wrong = [
      [expensiveDensity({ ...density, share: 2 }), 'share must be'],
      [expensiveDensity({ ...density, samplesPerTask: 0 }), 'samplesPerTask must be'],
      [expensiveDensity({ ...density, level: 1 }), 'level must be'],
      [expensiveDensity({ ...density, expensive: [-1] }), 'a group of expensive must be'],
      [expensiveDensity({ ...density, expensive: [] }), 'expensive is empty'],
      [collectReferenceRewards({ ...collected, count: 0 }), 'count must be'],
      [collectReferenceRewards({ ...collected, seed: 0.5 }), 'seed must be'],
    ] as const
    for (const [made, message] of wrong) await expect(made).rejects.toThrow(message)
  })

  it('and so are words that stand for nothing, and controllers that are none', () => {
    const since = 'last' as 'best'
    expect(() => forgetting(evaluations, { since, unscored: 'throw' })).toThrow('since must be one of best, first')
    const form = 'analytical' as 'analytic'
    expect(() => passAtKTraining({ k: 2, form })).toThrow('form must be one of analytic, partition')
    const controller = {} as ReturnType<typeof fixedKl>
    expect(() => rloo({ klCoefficient: controller })).toThrow('klCoefficient must be a number or a controller')
  })
})
