import { passAtKAfterStopping } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { compareLogs } from '../src/compare-logs.js'
import { evaluateLog } from '../src/evaluate-log.js'
import { stopAtFirstPass, type LogStopping } from '../src/stopping.js'
import type { TaskLog } from '../src/task-log.js'
import { logOf, samplesOf } from './in-memory.js'

/** Verdicts by task, for instance `001`. */
const log = (tasks: readonly string[], stopping?: LogStopping): TaskLog =>
  logOf(
    tasks.flatMap((verdicts, i) =>
      samplesOf(
        `t${i}`,
        [...verdicts].map((one) => (one === '-' ? null : Number(one))),
      ),
    ),
    true,
    { stopping },
  )
const value = (tasks: readonly string[], objective: string, stopping?: LogStopping): number =>
  evaluateLog(log(tasks, stopping), { objectives: [objective] }).measured[0]!.estimate.value

const RETRIED = ['1', '01', '000', '001', '000', '1']

describe('a log whose tasks end at their only success or at the most samples', () => {
  it('is recognised, and not where one thing is otherwise', () => {
    expect(log(RETRIED).totals.stoppedAt).toBe(3)
    expect(log(['1', '01', '-01']).totals.stoppedAt).toBe(3) // no task has failed: the most is what was seen
    for (const other of ['10', '011', '00', '0000']) {
      expect(log([...RETRIED, other]).totals.stoppedAt, other).toBeUndefined()
    }
    expect(log(['001', '010', '000']).totals.stoppedAt).toBeUndefined() // as many samples of each task
    expect(log(['1', '00', '1', '00']).totals.stoppedAt).toBeUndefined() // nothing after a failure: both rules agree
    expect(log(RETRIED, 'fixed').totals.stoppedAt).toBeUndefined()
  })

  it('has the pass@1 of passAtKAfterStopping, and the pass@k of the first k', () => {
    const stops = (n: number, c: number): boolean => c === 1 || n === 3
    const each = RETRIED.map((verdicts) =>
      passAtKAfterStopping(verdicts.length, Number(verdicts.includes('1')), 1, stops),
    )
    const first = each.reduce((sum, one) => sum + one, 0) / 6
    expect(first).toBe(2 / 6)
    for (const name of ['pass@1', 'pass^1', 'mean', 'max@1']) expect(value(RETRIED, name), name).toBeCloseTo(first, 15)
    expect(value(RETRIED, 'pass@2')).toBeCloseTo(3 / 6, 15)
    expect(value(RETRIED, 'pass@3')).toBeCloseTo(4 / 6, 15)
    expect(value(RETRIED, 'pass@1', 'fixed')).toBeCloseTo((1 + 1 / 2 + 1 / 3 + 1) / 6, 15)
    expect(() => value(RETRIED, 'pass@4')).toThrow('pass@4 needs 4 samples per task, but 6 of 6 tasks have fewer')
  })

  it('is compared by the same rule', () => {
    const { a, b } = compareLogs(log(RETRIED), log(['1', '1', '1', '1', '1', '1']), { objective: 'pass@1' })
    expect(a.value).toBeCloseTo(2 / 6, 15)
    expect(b.value).toBe(1)
  })

  it('is measured by pass@k alone unless something else is asked, which is refused', () => {
    const { measured } = evaluateLog(log(RETRIED))
    expect(measured.map(({ estimate }) => estimate.name)).toEqual(['pass@1', 'pass@3'])
    for (const name of ['pass^2', 'best-of-1']) {
      expect(() => value(RETRIED, name)).toThrow(
        expect.objectContaining({
          code: 'unsupported',
          message:
            `${name} cannot be estimated: drawing stopped at the first success of a task, and what it would have given ` +
            'after that is unknown',
        }),
      )
    }
    expect(() => evaluateLog(log(['-1', '1', '01']), { objectives: ['pass@1'], unscored: 'exclude' })).toThrow(
      'samples without a score cannot be left out where drawing stopped',
    )
  })

  it('may hold counts, if the caller says so', () => {
    const counts = [
      { task_id: 'a', n: 1, c: 1 },
      { task_id: 'b', n: 4, c: 0 },
      { task_id: 'c', n: 2, c: 1 },
    ]
    const said = logOf(counts, true, { stopping: 'first-pass' })
    const { measured } = evaluateLog(said, { objectives: ['pass@1', 'pass@2'] })
    expect(measured[0]!.estimate.value).toBeCloseTo(1 / 3, 15)
    expect(measured[1]!.estimate.value).toBeCloseTo(2 / 3, 15)
    const two = logOf([{ task_id: 'a', n: 2, c: 2 }], true, { stopping: 'first-pass' })
    expect(() => evaluateLog(two, { objectives: ['pass@1'] })).toThrow('task "a" has 2 successes, but drawing stopped')
  })
})

describe('a log that only almost looks so is refused until the caller says what it is', () => {
  const tasks = (late: number, others: readonly string[]): readonly string[] => [
    ...Array.from({ length: late }, (_, i) => (i % 2 === 0 ? '01' : '001')),
    ...others,
  ]
  it.each([
    [tasks(10, ['0000', '00']), '10 of 10', 'a task without a success ends after 2 of 4'],
    [tasks(19, ['010', '0000']), '19 of 20', '1 tasks go on after a success'],
  ])('%j', (verdicts, share, but) => {
    expect(() => log(verdicts)).toThrow(
      expect.objectContaining({
        code: 'invalid-data',
        message: `${share} tasks with a success end at their only one, as if drawing stopped there, but ${but}`,
        hint:
          'say stopping: first-pass if it stopped at the first success, or stopping: fixed if the numbers of samples ' +
          'were fixed',
      }),
    )
    for (const said of ['first-pass', 'fixed'] as const) expect(log(verdicts, said).size).toBe(verdicts.length)
  })

  it('counts too', () => {
    const counts = Array.from({ length: 12 }, (_, i) => ({
      n: i < 10 ? 1 + (i % 3) : 4,
      c: i < 10 ? 1 : 0,
      first: undefined,
    }))
    expect(() => stopAtFirstPass(counts, 'auto')).toThrow('but counts do not tell their order')
    expect(stopAtFirstPass(counts.slice(2, 12).slice(0, 9), 'auto')).toBeUndefined()
  })
})
