import type { Group } from '@posttrain/core'
import { bestOfNCurve, overOptimisationLaw } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { monitorOverOptimisation, type RunEvaluation } from '../../src/monitor/monitor-over-optimisation.js'
import { groupOf } from './groups.js'

const TASKS = 12
const tasks = Array.from({ length: TASKS }, (_, t) => `${t}`)

/** One sample per task whose gold is a number, whatever the task's difficulty. */
const evaluationOf = (step: number, kl: number, proxy: number, gold: number): RunEvaluation => ({
  step,
  kl,
  groups: tasks.map((id, t) => groupOf(id, [{ reward: proxy + t, parts: { gold: gold + 2 * t } }])),
})

describe('monitorOverOptimisation along a run', () => {
  const law = overOptimisationLaw('rl', 1, 0.5)
  const kls = Array.from({ length: 12 }, (_, i) => (0.4 * i) ** 2)
  const run = kls.map((kl, i) => evaluationOf(10 * i, kl, i, law.goldAt(kl)))
  const found = monitorOverOptimisation({ evaluations: run, proxy: 'reward', gold: 'gold' })

  it('recovers the law and its peak from a curve without noise', () => {
    expect(found.form).toBe('rl')
    expect(found.law!.alpha).toBeCloseTo(1, 10)
    expect(found.law!.beta).toBeCloseTo(0.5, 10)
    expect(Math.sqrt(found.law!.peak!.kl)).toBeCloseTo(Math.E, 9)
    expect(found.law!.coefficients.beta.se).toBeLessThan(1e-12)
    expect(found.law!.peakKl!.value).toBeCloseTo(Math.E ** 2, 8)
  })

  it('says stop past the peak, and the step to go back to', () => {
    expect(found.verdict.stop).toBe(true)
    expect(found.verdict.reason).toContain('over-optimised: since the best window gold changed by')
    expect(found.verdict.bestStep).toBe(70) // d = 2.8, next to the peak at e
    const before = monitorOverOptimisation({ evaluations: run.slice(0, 7), proxy: 'reward', gold: 'gold' })
    expect(before.verdict.stop).toBe(false)
  })

  it('has proxy and gold of each step with n and interval', () => {
    const { at, kl, proxy, gold } = found.points[3]!
    expect([at, kl]).toEqual([30, kls[3]])
    expect(proxy).toMatchObject({ name: 'reward', value: 3 + (TASKS - 1) / 2, tasks: TASKS, unscored: 0 })
    expect(gold.value).toBeCloseTo(law.goldAt(kls[3]!) + TASKS - 1, 10)
    expect(gold.interval.lower).toBeLessThan(gold.value)
  })

  it('fits no law through two points, and refuses what is no run', () => {
    const monitor = (evaluations: readonly RunEvaluation[]) =>
      monitorOverOptimisation({ evaluations, proxy: 'reward', gold: 'gold' })
    expect(monitor(run.slice(0, 3)).law).toBeUndefined()
    expect(monitor(run.slice(0, 4)).law).toBeDefined()
    expect(() => monitor(run.slice(1))).toThrow('the KL at step 10 must be a finite number from 0 to 0, but is 0.16')
    const shorter = { ...run[1]!, groups: run[1]!.groups.slice(1) }
    expect(() => monitor([run[0]!, shorter])).toThrow(
      'the evaluation at step 10 is not of the 12 tasks of the first: task 0 is missing',
    )
    const twice = { ...run[1]!, groups: [...run[1]!.groups, run[1]!.groups[0]!] }
    expect(() => monitor([run[0]!, twice])).toThrow('the evaluation at step 10 is not of the 12 tasks of the first')
    expect(() => monitor([])).toThrow('evaluations is empty')
  })
})

const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k)
/** The chance that the best of n among 8 has rank r, counted from 0. */
const weight = (n: number, r: number): number => (r < n - 1 ? 0 : choose(r, n - 1) / choose(8, n))

/** Gold by rank of proxy such that best-of-n of 8 samples gives these values at n = 1, 2, 4 and 8. */
function goldOf([one, two, four, eight]: readonly [number, number, number, number]): readonly number[] {
  const best = eight
  const second = (four - weight(4, 7) * best) / weight(4, 6)
  const third = (two - weight(2, 7) * best - weight(2, 6) * second) / weight(2, 2)
  return [8 * one - best - second - third, 0, third, 0, 0, 0, second, best]
}

describe('monitorOverOptimisation along best-of-n', () => {
  const klOf = (n: number): number => Math.log(n) - (n - 1) / n
  const law = overOptimisationLaw('best-of-n', 1, 0.6)
  const curve = [1, 2, 4, 8].map((n) => law.goldAt(klOf(n))) as [number, number, number, number]
  const groups = tasks.map((id, t) =>
    groupOf(
      id,
      goldOf(curve).map((gold, rank) => ({ reward: gold + t, parts: { model: rank } })),
    ),
  )
  const found = monitorOverOptimisation({ groups, proxy: 'model', gold: 'reward' })

  it('recovers the law, relative to one sample, from a curve without noise', () => {
    expect(found.form).toBe('best-of-n')
    expect(found.law!.alpha).toBeCloseTo(1, 10)
    expect(found.law!.beta).toBeCloseTo(0.6, 10)
    expect(found.law!.peak!.kl).toBeCloseTo((1 / 1.2) ** 2, 9)
    expect(found.points.map(({ at, kl }) => [at, kl])).toEqual([1, 2, 4, 8].map((n) => [n, klOf(n)]))
  })

  it('is the curve of bestOfNCurve', () => {
    const both = groups.map(({ outcomes }) => ({
      proxy: outcomes.map(({ parts }) => parts!['model']!),
      gold: outcomes.map((outcome) => (outcome.kind === 'scored' ? outcome.reward : NaN)),
    }))
    bestOfNCurve(both, [1, 2, 4, 8]).forEach(({ proxy, gold }, i) => {
      expect(found.points[i]!.proxy.value).toBeCloseTo(proxy, 12)
      expect(found.points[i]!.gold.value).toBeCloseTo(gold, 12)
    })
  })

  it('stops at the n from where more choice does harm', () => {
    const trap = tasks.map((id, t) =>
      groupOf(
        id,
        [0, 1, 2, 3, 4, 5, 6, -9 - (t % 3)].map((reward, rank) => ({ reward, parts: { model: rank } })),
      ),
    )
    const { verdict } = monitorOverOptimisation({ groups: trap, proxy: 'model', gold: 'reward' })
    expect([verdict.stop, verdict.bestStep]).toEqual([true, 1])
    const fine = monitorOverOptimisation({ groups: trap, proxy: 'reward', gold: 'reward' })
    expect([fine.verdict.stop, fine.verdict.bestStep]).toEqual([false, 8])
  })

  it('leaves out samples that lack a score, counts them, and refuses a task without any', () => {
    const missing = (id: string, kept: number): Group =>
      groupOf(id, [
        ...Array.from({ length: kept }, (_, i) => ({ reward: i, parts: { model: i } })),
        { reward: null, parts: { model: 9 } },
        { reward: 3, parts: { model: null } },
      ])
    const { points } = monitorOverOptimisation({
      groups: tasks.map((id, t) => missing(id, 4 + t)),
      proxy: 'model',
      gold: 'reward',
    })
    expect(points.map(({ at }) => at)).toEqual([1, 2, 4])
    expect(points[0]!.gold).toMatchObject({ unscored: 24, samplesPerTask: { min: 4, max: 15 } })
    expect(() => monitorOverOptimisation({ groups: [missing('z', 0)], proxy: 'model', gold: 'reward' })).toThrow(
      'no sample of task z has both scores, model and reward',
    )
    expect(() => monitorOverOptimisation({ groups: [missing('z', 2)], proxy: 'model', gold: 'reward' })).toThrow(
      'gold has 1 tasks, but at least 10 are needed',
    )
  })
})
