import type { Sample } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { evaluate, majorityVote, passAtK } from '@posttrain/sampling'
import { exactMatch, manualSignal, scriptedSampler, task } from './scripted-sampler.js'

const script = { easy: ['A', 'A', 'B', 'A'], hard: ['B', 'A', 'C', 'B'], never: ['B', 'C', 'D', 'E'] }
const tasks = [task('easy'), task('hard'), task('never')]
const common = { tasks, reward: exactMatch, samplesPerTask: 4 }

describe('evaluate', () => {
  it('reports the metric and the mean reward over tasks, with what they rest on', async () => {
    const report = await evaluate({ ...common, sampler: scriptedSampler(script), procedure: passAtK({ k: 2 }) })
    // pass@2 from 4 samples with 3, 1 and 0 correct: 1, 1 − C(3,2)/C(4,2) = 1/2, 0.
    expect(report.perTask.map(({ value }) => value)).toEqual([1, 0.5, 0])
    expect(report.perTask.map(({ meanReward }) => meanReward)).toEqual([0.75, 0.25, 0])
    const [metric, mean] = report.estimates
    expect(metric).toMatchObject({ name: 'pass@2', value: 0.5, tasks: 3, samplesPerTask: { min: 4, max: 4 } })
    expect(metric).toMatchObject({ denominator: 'count-as-failure', unscored: 0, interval: { level: 0.95 } })
    expect(mean!.name).toBe('mean reward')
    expect(mean!.value).toBeCloseTo(1 / 3, 14)
    expect(metric!.interval.lower).toBeLessThan(0.5)
    expect(report.usage).toEqual({ promptTokens: 36, completionTokens: 12 })
    expect(report.leftOut).toEqual([])
  })

  it('estimates a vote over all groups of its size', async () => {
    const vote = majorityVote({ k: 3, ties: 'share' })
    const report = await evaluate({ ...common, sampler: scriptedSampler(script), procedure: vote, level: 0.9 })
    // AAAB: every triple has two A's. BACB: {B,A,C} shares 1/3, twice; {B,A,B} and {B,C,B} lose: (1/3 + 1/3)/4.
    const values = report.perTask.map(({ value }) => value!)
    expect(values[0]).toBeCloseTo(1, 12)
    expect(values[1]).toBeCloseTo(1 / 6, 12)
    expect(values[2]).toBe(0)
    expect(report.estimates[0]!.interval.level).toBe(0.9)
  })

  it('refuses too few samples, a wrong level and a single task before drawing anything', async () => {
    const sampler = scriptedSampler(script)
    const refused = { ...common, sampler, procedure: passAtK({ k: 8 }) }
    await expect(evaluate(refused)).rejects.toThrow('pass@8 needs at least 8 samples per task, but there are 4')
    const procedure = passAtK({ k: 2 })
    await expect(evaluate({ ...refused, procedure, level: 95 })).rejects.toThrow('level must lie between 0 and 1')
    await expect(evaluate({ ...refused, procedure, tasks: [tasks[0]!] })).rejects.toThrow('at least 2 tasks')
    expect(sampler.requests).toEqual([])
  })

  it('draws as few samples as the objective needs unless told otherwise', async () => {
    const sampler = scriptedSampler(script)
    await evaluate({ sampler, tasks, reward: exactMatch, procedure: passAtK({ k: 3 }), seed: 5, temperature: 0.7 })
    expect(sampler.requests.map(({ count, seed, temperature }) => [count, seed, temperature])).toEqual(
      tasks.map(() => [3, 5, 0.7]),
    )
  })

  describe('with samples that could not be scored', () => {
    const sampler = () => scriptedSampler({ x: ['A', '?', 'B', '?'], y: ['A', 'A', 'B', 'B'], z: ['?', '?', '?', 'A'] })
    const shared = {
      tasks: ['x', 'y', 'z'].map(task),
      reward: exactMatch,
      samplesPerTask: 4,
      procedure: passAtK({ k: 2 }),
    }

    it('counts them as failures by default', async () => {
      const { estimates, perTask } = await evaluate({ ...shared, sampler: sampler() })
      expect(perTask.map(({ meanReward }) => meanReward)).toEqual([0.25, 0.5, 0.25])
      expect(estimates[0]).toMatchObject({ unscored: 5, denominator: 'count-as-failure', tasks: 3 })
    })

    it('leaves them out on request, and a task that has too few others by name', async () => {
      const report = await evaluate({ ...shared, sampler: sampler(), unscored: 'exclude' })
      expect(report.perTask.map(({ value }) => value)).toEqual([1, expect.closeTo(5 / 6, 14), undefined])
      expect(report.leftOut).toEqual(['z'])
      expect(report.estimates[0]).toMatchObject({ tasks: 2, unscored: 5, samplesPerTask: { min: 2, max: 4 } })
      expect(report.estimates[1]).toMatchObject({ tasks: 3, unscored: 5, samplesPerTask: { min: 1, max: 4 } })
    })

    it('refuses them on request, and a metric that rests on one task', async () => {
      await expect(evaluate({ ...shared, sampler: sampler(), unscored: 'throw' })).rejects.toThrow(
        'the judge did not answer',
      )
      const two = { ...shared, tasks: [task('y'), task('z')], sampler: sampler(), unscored: 'exclude' as const }
      await expect(evaluate(two)).rejects.toThrow('pass@2 has a value on 1 of 2 tasks only')
    })
  })

  it('can be stopped and continued to the same report without drawing a sample twice', async () => {
    const procedure = passAtK({ k: 2 })
    const whole = await evaluate({ ...common, sampler: scriptedSampler(script), procedure })
    const signal = manualSignal()
    const known: Sample[] = []
    const stopped = evaluate({
      ...common,
      sampler: scriptedSampler(script),
      procedure,
      signal,
      onProgress: ({ samples, total, sample }) => {
        known.push(sample)
        expect([samples, total]).toEqual([known.length, 12])
        signal.aborted = samples === 7
      },
    })
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' })
    const counts: number[] = []
    const onProgress = ({ samples }: { samples: number }) => counts.push(samples)
    const sampler = scriptedSampler(script)
    expect(await evaluate({ ...common, sampler, procedure, known, onProgress })).toEqual(whole)
    expect(counts).toEqual([8, 9, 10, 11, 12])
  })
})
