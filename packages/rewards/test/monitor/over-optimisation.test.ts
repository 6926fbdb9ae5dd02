import { createStream, type RandomStream } from '@posttrain/core'
import { overOptimisationLaw } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { overOptimisation, type ProxyAndGoldEvaluation } from '../../src/monitor/over-optimisation.js'

const TASKS = 60
const normal = (stream: RandomStream): number =>
  Math.sqrt(-2 * Math.log(1 - stream.uniform())) * Math.cos(2 * Math.PI * stream.uniform())

/** Evaluations of tasks of different difficulty, each value with noise of standard deviation 1. */
function simulate(
  seed: number,
  evaluations: number,
  curve: (i: number) => { proxy: number; gold: number },
): ProxyAndGoldEvaluation[] {
  const stream = createStream(seed, 'over-optimisation')
  const difficulty = Array.from({ length: TASKS }, () => 2 * normal(stream))
  return Array.from({ length: evaluations }, (_, i) => {
    const { proxy, gold } = curve(i)
    return {
      step: 10 * i,
      proxy: difficulty.map((d) => d + proxy + normal(stream)),
      gold: difficulty.map((d) => d + gold + normal(stream)),
    }
  })
}

/** Feeds the evaluations one by one. @returns the index at which it stops, if it does, and the step it goes back to */
function watch(
  all: readonly ProxyAndGoldEvaluation[],
  options?: Parameters<typeof overOptimisation>[1],
): [number, number] | undefined {
  for (let seen = 1; seen <= all.length; seen++) {
    const { stop, bestStep } = overOptimisation(all.slice(0, seen), options)
    if (stop) return [seen - 1, bestStep]
  }
  return undefined
}

describe('overOptimisation', () => {
  // Gao et al.: gold R(d) = d(α − β log d) with its peak at d* = exp(α/β − 1) = 2.718, the proxy keeps rising; d = √KL.
  const law = overOptimisationLaw('rl', 1, 0.5)
  const goldAt = (i: number): number => law.goldAt((0.15 * i) ** 2)
  const curve = (i: number): { proxy: number; gold: number } => ({ proxy: 0.15 * i, gold: goldAt(i) })

  it('stops past the gold optimum of the law, and goes back to near it', () => {
    const peak = law.peak!.gold
    expect(peak).toBeCloseTo(Math.E / 2, 12)
    for (let seed = 0; seed < 40; seed++) {
      const stopped = watch(simulate(seed, 60, curve))
      expect(stopped).toBeDefined()
      const [index, bestStep] = stopped!
      expect(0.15 * index).toBeGreaterThan(Math.E)
      expect(goldAt(index)).toBeGreaterThan(0.4 * peak)
      expect(goldAt(bestStep / 10)).toBeGreaterThan(0.9 * peak)
    }
  })

  it('on noise alone stops no more often than it promises, where a look at the means stops always', () => {
    const [runs, falseStopRate] = [200, 0.2]
    let [stops, naive] = [0, 0]
    for (let seed = 0; seed < runs; seed++) {
      const all = simulate(seed, 30, (i) => ({ proxy: 0.15 * i, gold: 0 }))
      if (watch(all, { falseStopRate })) stops++
      const means = all.map(({ gold }) => gold.reduce((sum, x) => sum + x, 0) / TASKS)
      // The usual rule: three evaluations in a row below the best so far.
      if (means.some((_, i) => i >= 3 && Math.max(...means.slice(i - 2, i + 1)) < Math.max(...means.slice(0, i - 2)))) {
        naive++
      }
    }
    expect(stops / runs).toBeLessThanOrEqual(falseStopRate)
    expect(naive / runs).toBeGreaterThan(0.95)
  })

  it('keeps that promise for few tasks and rewards of 0 and 1, where a t test is least at home', () => {
    const [runs, falseStopRate] = [200, 0.2]
    for (const [tasks, solved] of [
      [10, 0.5],
      [20, 0.05],
    ] as const) {
      let stops = 0
      for (let seed = 0; seed < runs; seed++) {
        const stream = createStream(seed, 'verdicts', tasks)
        const all = Array.from({ length: 20 }, (_, step) => ({
          step,
          proxy: Array.from({ length: tasks }, () => step + stream.uniform()),
          gold: Array.from({ length: tasks }, () => (stream.uniform() < solved ? 1 : 0)),
        }))
        if (watch(all, { falseStopRate })) stops++
      }
      expect(stops / runs).toBeLessThanOrEqual(falseStopRate)
      // The bound is no idle one: it is not met by never stopping.
      expect(stops / runs).toBeGreaterThan(0.05)
    }
  })

  it('does not stop while gold rises, nor where gold falls without the proxy', () => {
    for (let seed = 0; seed < 10; seed++) {
      expect(watch(simulate(seed, 30, (i) => ({ proxy: 0.2 * i, gold: 0.1 * i })))).toBeUndefined()
      const collapse = simulate(seed, 30, (i) => ({ proxy: -0.2 * i, gold: -0.2 * i }))
      expect(watch(collapse)).toBeUndefined()
      expect(overOptimisation(collapse).reason).toContain('gold falls, but proxy does not rise')
    }
  })

  it('does not stop on a single bad point', () => {
    const all = simulate(3, 20, (i) => ({ proxy: 0.2 * i, gold: i === 19 ? 0 : 1 }))
    expect(overOptimisation(all, { patience: 1 }).stop).toBe(true)
    expect(overOptimisation(all).stop).toBe(false)
  })

  it('pairs by task: what tasks differ in does not blur the change', () => {
    const all = simulate(5, 8, (i) => ({ proxy: i, gold: -i }))
    const wider = all.map(({ step, proxy, gold }) => ({
      step,
      proxy: proxy.map((x, task) => x + 100 * task),
      gold: gold.map((x, task) => x - 100 * task),
    }))
    const [narrow, wide] = [overOptimisation(all), overOptimisation(wider)]
    expect(wide.stop).toBe(true)
    expect(wide.gold!.value).toBeCloseTo(narrow.gold!.value, 9)
    expect(wide.gold!.interval.upper).toBeCloseTo(narrow.gold!.interval.upper, 9)
  })

  it('spends its false-stop rate over all comparisons that could be made', () => {
    // At look j there are j earlier windows, each tested at rate/(j²(j + 1)); Σⱼ 1/(j(j + 1)) = 1.
    for (const [evaluations, looks] of [
      [6, 1],
      [7, 2],
      [12, 7],
    ] as const) {
      const { gold, proxy } = overOptimisation(simulate(0, evaluations, curve), { falseStopRate: 0.1 })
      expect(1 - gold!.interval.level).toBeCloseTo((2 * 0.1) / (looks ** 2 * (looks + 1)), 12)
      expect(proxy!.interval.level).toBeCloseTo(0.8, 12)
    }
    expect(overOptimisation(simulate(0, 5, curve)).reason).toContain('two windows of 3 evaluations are needed')
  })

  it.each([
    ['patience', [0, 1.5, NaN]],
    ['falseStopRate', [0, 0.6, NaN]],
  ] as const)('refuses %s out of range, by its name', (name, values) => {
    for (const value of values) {
      expect(() => overOptimisation([], { [name]: value })).toThrow(new RegExp(`^${name} must be .* but is ${value}$`))
    }
  })

  it('refuses too few tasks and evaluations of different tasks', () => {
    const [one, two] = simulate(0, 2, curve) as [ProxyAndGoldEvaluation, ProxyAndGoldEvaluation]
    expect(() => overOptimisation([])).toThrow('evaluations is empty')
    expect(() => overOptimisation([{ ...one, gold: one.gold.slice(0, 9) }])).toThrow('at least 10 are needed')
    expect(() => overOptimisation([one, { ...two, proxy: [1] }])).toThrow('evaluations[1].proxy must have 60 entries')
    expect(() => overOptimisation([one], { patience: 0 })).toThrow('patience must be an integer of at least 1')
  })
})
