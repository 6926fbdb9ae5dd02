import { requiredSamples, requiredTasks, varianceComponents } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { compareLogs } from '../src/compare-logs.js'
import { evaluateLog } from '../src/evaluate-log.js'
import type { NeededToDetect } from '../src/needed-to-detect.js'
import type { TaskLog } from '../src/task-log.js'
import { logOf } from './in-memory.js'

const logOfGroups = (groups: readonly (readonly number[])[]): TaskLog =>
  logOf(groups.map((rewards, i) => ({ task_id: `t${i}`, rewards })))
/** Rates from 0 to 1 in steps, over and over: 40 tasks of four samples. */
const GROUPS = Array.from({ length: 40 }, (_, t) => [0, 1, 2, 3].map((i) => Number(i < t % 5)))
const deviation = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}
const meanOf = (group: readonly number[]): number => group.reduce((a, b) => a + b, 0) / group.length

const needed = (log: TaskLog, name: string, detect: number): NeededToDetect =>
  evaluateLog(log, { objectives: [name], detect }).measured[0]!.needed!

describe('what finds a difference from another system', () => {
  it('is planned by the deviation of two independent systems, and by its parts between and within tasks', () => {
    const sd = Math.SQRT2 * deviation(GROUPS.map(meanOf))
    const parts = varianceComponents(GROUPS)
    const components = { between: Math.SQRT2 * parts.between, within: Math.SQRT2 * parts.within }
    for (const name of ['mean', 'pass@1', 'pass^1', 'max@1']) {
      const { tasks, samplesPerTask } = needed(logOfGroups(GROUPS), name, 0.3)
      expect(tasks).toBe(requiredTasks(0.3, sd))
      expect(samplesPerTask).toBe(requiredSamples(0.3, 40, components))
      expect([tasks, samplesPerTask]).toEqual([25, 2])
    }
  })

  it('is the same of counts', () => {
    const counts = logOf(GROUPS.map((group, i) => ({ task_id: `t${i}`, n: 4, c: group.reduce((a, b) => a + b, 0) })))
    expect(needed(counts, 'pass@1', 0.3)).toEqual(needed(logOfGroups(GROUPS), 'pass@1', 0.3))
  })

  it('is no number of samples where the tasks are too few, or too few to decide anything', () => {
    expect(needed(logOfGroups(GROUPS), 'mean', 0.1)).toMatchObject({ tasks: 204, samplesPerTask: Infinity })
    expect(needed(logOfGroups(GROUPS.slice(0, 5)), 'mean', 0.9)).toMatchObject({ samplesPerTask: Infinity })
    // However large the difference, fewer than six tasks decide nothing.
    expect(needed(logOfGroups(GROUPS), 'mean', 5).tasks).toBe(6)
  })

  it('is a number of tasks alone for a metric of several samples, one sample a task, and tries until a success', () => {
    expect(needed(logOfGroups(GROUPS), 'pass@2', 0.1)).toMatchObject({ tasks: 235, samplesPerTask: undefined })
    const single = logOfGroups(GROUPS.map((group) => group.slice(0, 1)))
    expect(needed(single, 'pass@1', 0.1).samplesPerTask).toBeUndefined()
    const stopped = logOfGroups([[0, 0, 1], [1], [0, 1], [0, 0, 0], [1]])
    expect(needed(stopped, 'pass@1', 0.1).samplesPerTask).toBeUndefined()
  })

  it('is not known where no two tasks differ, or there is one', () => {
    const alike = [
      [1, 0],
      [0, 1],
    ]
    expect(needed(logOfGroups(alike), 'mean', 0.1).tasks).toBeUndefined()
    expect(needed(logOfGroups(alike.slice(0, 1)), 'mean', 0.1).tasks).toBeUndefined()
  })

  it('counts clusters that agree as one task', () => {
    const rows = GROUPS.flatMap((rewards, i) =>
      ['a', 'b'].map((copy) => ({ task_id: `${copy}${i}`, rewards, passage: i })),
    )
    const single = needed(logOfGroups(GROUPS), 'pass@2', 0.1).tasks!
    const clustered = needed(logOf(rows, true, { fields: { cluster: 'passage' } }), 'pass@2', 0.1).tasks!
    expect(clustered / (2 * single)).toBeCloseTo(1, 1)
    expect(needed(logOf(rows), 'pass@2', 0.1).tasks! / single).toBeCloseTo(1, 1)
  })

  it('refuses a difference of nothing', () => {
    expect(() => needed(logOfGroups(GROUPS), 'mean', 0)).toThrow('detect must be a finite number above 0, but is 0')
  })
})

describe('what finds a difference between two systems', () => {
  it('is planned by the deviation of their differences: of systems that agree on tasks it is small', () => {
    const other = GROUPS.map((group) => [...group.slice(1), 0])
    const { needed } = compareLogs(logOfGroups(GROUPS), logOfGroups(other), { objective: 'pass@1', detect: 0.05 })
    const differences = GROUPS.map((group, i) => meanOf(other[i]!) - meanOf(group))
    expect(needed!.tasks).toBe(requiredTasks(0.05, deviation(differences)))
    // Within tasks both systems spread as before, and their differences hardly: less than samples would explain.
    const within = (groups: readonly (readonly number[])[]): number => varianceComponents(groups).within ** 2
    const components = { between: 0, within: Math.sqrt(within(GROUPS) + within(other)) }
    expect(needed!.samplesPerTask).toBe(requiredSamples(0.05, 40, components))
  })

  it('is not asked for unless it is', () => {
    const log = logOfGroups(GROUPS)
    expect(compareLogs(log, log, { objective: 'mean' }).needed).toBeUndefined()
  })
})
