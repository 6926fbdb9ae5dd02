import type { Group, Outcome, RewardFunction, Sample } from '@posttrain/core'
import { bestOfN } from '@posttrain/estimators'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestOf, guardedBestOf, replayGroups, runProcedure } from '@posttrain/sampling'

const by: RewardFunction = {
  name: 'model',
  score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: Number(text) })),
}

function groupOf(id: string, scores: readonly (readonly [model: number, gold: number | undefined])[]): Group {
  const usage = { promptTokens: 1, completionTokens: 1 }
  return {
    task: { id, prompt: '?' },
    samples: scores.map(([model], index): Sample => {
      return { id, taskId: id, index, seed: 0, text: `${model}`, finish: 'stop', usage }
    }),
    outcomes: scores.map(([model, gold]): Outcome => {
      const parts = { model }
      return gold === undefined
        ? { kind: 'unscored', reason: 'timeout', parts }
        : { kind: 'scored', reward: gold, parts }
    }),
  }
}

/** Gold grows with the model's score up to 12 of 16, and the four that the model likes best are wrong. */
const fooled = Array.from({ length: 16 }, (_, model) => [model, model < 12 ? model / 12 : 0] as const)
const honest = Array.from({ length: 16 }, (_, model) => [model, model / 15] as const)

describe('guardedBestOf', () => {
  it('deploys the n that is worth most, with the unbiased values of all', () => {
    const calibration = [groupOf('a', fooled), groupOf('b', fooled)]
    const { guard, ...procedure } = guardedBestOf({ n: 16, by, calibration })
    const [proxy, gold] = [0, 1].map((i) => fooled.map((scores) => scores[i]!)) as [number[], number[]]
    const exact = [1, 2, 4, 8, 16].map((n) => bestOfN({ proxy, gold }, n))
    expect(guard.gold.map(({ n }) => n)).toEqual([1, 2, 4, 8, 16])
    guard.gold.forEach(({ estimate }, i) => expect(estimate.value).toBeCloseTo(exact[i]!, 12))
    expect(guard.chosen).toBe([1, 2, 4, 8, 16][exact.indexOf(Math.max(...exact))])
    expect(guard.asked).toBe(16)
    expect(guard.difference.difference).toBeCloseTo(exact[4]! - Math.max(...exact), 12)
    expect(procedure.name).toBe(bestOf({ n: guard.chosen, by }).name)
    expect(procedure.objective.k).toBe(guard.chosen)
  })

  it('leaves a proxy alone that is right', () => {
    const { guard } = guardedBestOf({ n: 16, by, calibration: [groupOf('a', honest), groupOf('b', honest)] })
    expect([guard.chosen, guard.difference.difference]).toEqual([16, 0])
  })

  it('takes the narrowest of equals, and never one worth less than any other, whatever the scores', () => {
    const score = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 1 }))
    fc.assert(
      fc.property(
        fc.array(fc.array(score, { minLength: 6, maxLength: 9 }), { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 1, max: 6 }),
        (tasks, n) => {
          const calibration = tasks.map((scores, i) => groupOf(`${i}`, scores))
          const { guard } = guardedBestOf({ n, by, calibration })
          const values = guard.gold.map(({ estimate }) => estimate.value)
          const most = Math.max(...values)
          expect(guard.chosen).toBe(guard.gold.find((_, i) => values[i]! > most - 1e-9)!.n)
          expect(guard.gold.at(-1)!.n).toBe(n)
        },
      ),
    )
  })

  it('runs as bestOf does', async () => {
    const calibration = [groupOf('a', fooled), groupOf('b', fooled)]
    const procedure = guardedBestOf({ n: 16, by, calibration })
    const { sampler, tasks } = replayGroups(calibration)
    const decision = await runProcedure(procedure, sampler, tasks[0]!)
    expect(decision).toMatchObject({ ...(await bestOf({ n: procedure.guard.chosen, by }).run(sampler, tasks[0]!)) })
  })

  it('counts samples without a score as failures, and says how many', () => {
    const some = [
      [1, undefined],
      [0, 1],
    ] as const
    const { guard } = guardedBestOf({ n: 2, by, calibration: [groupOf('a', some), groupOf('b', some)] })
    expect(guard.gold.map(({ estimate }) => [estimate.value, estimate.unscored])).toEqual([
      [0.5, 2],
      [0, 2],
    ])
  })

  it('refuses calibration that it cannot use', () => {
    const calibration = [groupOf('a', honest), groupOf('b', honest.slice(0, 3))]
    expect(() => guardedBestOf({ n: 4, by, calibration })).toThrow('best-of-4 on task b')
    expect(() => guardedBestOf({ n: 4, by, calibration: calibration.slice(1) })).toThrow('at least 2 groups')
    const other = { ...by, name: 'other' }
    expect(() => guardedBestOf({ n: 2, by: other, calibration })).toThrow('other')
    expect(() => guardedBestOf({ n: 0, by, calibration })).toThrow('n')
  })
})
