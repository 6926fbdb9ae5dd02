import { describe, expect, it } from 'vitest'
import { evaluateTasks } from '../src/evaluate-tasks.js'
import { objectivesOf } from '../src/log-objectives.js'
import type { TaskLog } from '../src/task-log.js'
import { logOf, samplesOf } from './in-memory.js'

const NONE: ReadonlySet<string> = new Set()
const valuesOf = (log: TaskLog, names: readonly string[]): (readonly (number | undefined)[])[] =>
  [...evaluateTasks(log, objectivesOf(names, log, {}), { unscored: 'count-as-failure', leftOut: NONE })].map(
    ({ values }) => values,
  )

describe('evaluateTasks', () => {
  it('gives counts in closed form what their samples give one by one', () => {
    const names = ['mean', 'pass@1', 'pass@3', 'pass@7', 'pass^1', 'pass^3', 'pass^7', 'G-Pass@3_0.5', 'mG-Pass@7']
    for (let c = 0; c <= 7; c++) {
      const [counted] = valuesOf(logOf([{ task_id: 'a', n: 7, c }]), names)
      const rewards = Array.from({ length: 7 }, (_, i) => Number(i < c))
      const [sampled] = valuesOf(logOf(samplesOf('a', rewards)), names)
      counted!.forEach((value, i) => expect(value).toBeCloseTo(sampled![i]!, 15))
    }
  })

  it('measures a billion samples of which only counts are known', () => {
    const log = logOf([{ task_id: 'a', n: 1e9, c: 5e8 }])
    const [values] = valuesOf(log, ['pass@1', 'pass@2', 'pass^2'])
    expect(values![0]).toBe(0.5)
    // 1 − C(n/2, 2)/C(n, 2) = 1 − (n/2 − 1)/(2(n − 1)).
    expect(values![1]).toBeCloseTo(1 - (5e8 - 1) / (2 * (1e9 - 1)), 12)
    expect(values![2]).toBeCloseTo((5e8 - 1) / (2 * (1e9 - 1)), 12)
  })

  it('leaves tasks out, and says how many samples entered', () => {
    const log = logOf([...samplesOf('a', [1, null, 0]), ...samplesOf('b', [0.5]), { task_id: 'c', n: 9, c: 3 }])
    const evaluate = (policy: 'exclude' | 'count-as-failure'): object[] =>
      [...evaluateTasks(log, objectivesOf(['pass@1'], log, {}), { unscored: policy, leftOut: new Set(['b']) })].map(
        ({ taskId, values, samples, unscored }) => ({ taskId, values, samples, unscored }),
      )
    const c = { taskId: 'c', values: [1 / 3], samples: 9, unscored: 0 }
    expect(evaluate('exclude')).toEqual([{ taskId: 'a', values: [0.5], samples: 2, unscored: 1 }, c])
    expect(evaluate('count-as-failure')).toEqual([{ taskId: 'a', values: [1 / 3], samples: 3, unscored: 1 }, c])
  })

  it('says for which task an objective cannot be estimated, and what to do', () => {
    const counted = logOf([{ task_id: 'a', n: 4, c: 1 }])
    expect(() => valuesOf(counted, ['max@2'])).toThrow(
      expect.objectContaining({
        code: 'invalid-data',
        message: 'max@2 cannot be estimated for task "a": it has only counts',
        hint: 'log a row per sample, or one with rewards; of counts only pass@K, pass^K and G-Pass@K can be had',
      }),
    )
    expect(() => valuesOf(logOf(samplesOf('a', [0, 2])), ['mean', 'pass^1'])).toThrow(
      'pass^1 cannot be estimated for task "a": it has the reward 2, which is neither 0 nor 1',
    )
  })

  it('chooses no failure that counts as 0 above a reward below it', () => {
    const log = logOf([...samplesOf('a', [0.5, null]), ...samplesOf('b', [-1, null, -2])])
    for (const name of ['max@2', 'best-of-2']) {
      expect(() => valuesOf(log, ['mean', name])).toThrow(
        expect.objectContaining({
          code: 'invalid-data',
          message:
            `${name} of task "b" cannot be estimated: a sample without a score counts as 0, above the reward -1 of ` +
            'another, but nothing that is deployed would choose it',
          hint: 'choose the policy exclude for samples without a score, or give them one',
        }),
      )
    }
    expect(valuesOf(logOf(samplesOf('b', [-1, -2, 0])), ['max@2'])).toEqual([[-1 / 3]])
    const other = logOf([{ task_id: 'a', rewards: [-1, null], proxies: [2, 1] }])
    expect(valuesOf(other, ['best-of-2'])).toEqual([[-1]]) // the proxy has chosen
  })

  it('needs no proxy of a sample that is left out', () => {
    const rows = [{ task_id: 'a', rewards: [1, 0, null], proxies: [1, 2, null] }]
    const log = logOf(rows)
    const evaluate = (policy: 'exclude' | 'count-as-failure') => () =>
      [...evaluateTasks(log, objectivesOf(['best-of-2'], log, {}), { unscored: policy, leftOut: NONE })].map(
        ({ values }) => values[0],
      )
    expect(evaluate('exclude')()).toEqual([0])
    expect(evaluate('count-as-failure')).toThrow(
      'best-of-2 cannot be estimated for task "a": it has samples without a proxy',
    )
  })
})
