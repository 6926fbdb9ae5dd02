import { evaluateLog, expectTasks, type TaskLog } from '@posttrain/logs'
import { describe, expect, it } from 'vitest'
import { atLeastGate } from '../src/at-least.js'
import { evaluationSuites } from '../src/junit-evaluation.js'
import type { Part } from '../src/show-evaluation.js'
import { logOf } from './in-memory.js'

const partOf = (log: TaskLog, objectives: readonly string[], group: Part['group'] = {}): Part => {
  return { group, log, evaluation: evaluateLog(log, { objectives }) }
}
const result = { title: 'evaluate: a.jsonl', notes: ['1 of 9 samples have no score'] }

describe('evaluationSuites', () => {
  it('has a case for each task, and without a gate none that fails', async () => {
    const rows = [
      { task_id: 'half', rewards: [1, 0, 1, 0] },
      { task_id: 'never', rewards: [0, 0, 0, 0] },
      { task_id: 'not all scored', rewards: [1, null, null, 0] },
      { task_id: 'not scored', rewards: [null, null, null, null] },
    ]
    const [log] = expectTasks([await logOf(rows)], 5) as [TaskLog]
    const [suite, ...others] = evaluationSuites(result, [partOf(log, ['pass@1', 'pass@2'])])
    expect(others).toEqual([])
    expect(suite).toEqual({
      name: 'evaluate: a.jsonl',
      properties: {
        'pass@1': expect.stringMatching(/^15\.0 % \[\d/) as string,
        'pass@2': expect.stringMatching(/^26\.7 % \[\d/) as string, // (5/6 + 0 + 1/2 + 0 + 0)/5
      },
      cases: [
        { name: 'half', output: '2 of 4 samples are right' },
        { name: 'never', output: '0 of 4 samples are right' },
        { name: 'not all scored', output: '1 of 4 samples are right; 2 of 4 have no score' },
        { name: 'not scored', skipped: 'none of 4 samples has a score' },
        { name: expect.any(String) as string, skipped: 'the log has no row of this task' },
      ],
      output: '1 of 9 samples have no score',
    })
  })

  it('says of partial credit its mean, and of counted samples their number', async () => {
    const partial = await logOf(['a', 'b'].map((task_id) => ({ task_id, rewards: [0.25, 1, null] })))
    expect(evaluationSuites(result, [partOf(partial, ['mean'])])[0]!.cases).toEqual(
      ['a', 'b'].map((name) => ({ name, output: 'mean score 0.625 of 2 samples; 1 of 3 have no score' })),
    )
    const counts = await logOf(['a', 'b'].map((task_id) => ({ task_id, n: 2 ** 40, c: 3 })))
    expect(evaluationSuites(result, [partOf(counts, ['pass@1'])])[0]!.cases[0]).toEqual({
      name: 'a',
      output: '3 of 1099511627776 samples are right',
    })
  })

  it('has a case for each bound of each group, which fails where it is not reached', async () => {
    const log = await logOf(Array.from({ length: 40 }, (_, task_id) => ({ task_id, rewards: [1, task_id % 2] })))
    const parts = ['m1', 'm2'].map((model) => partOf(log, ['pass@1', 'pass@2'], { model }))
    const gate = atLeastGate(parts, { 'pass@1': 0.9, 'pass@2': 0.8 })
    const [suite, ...tasks] = evaluationSuites({ ...result, gate }, parts)
    expect(tasks.map(({ name, cases }) => [name, cases.length])).toEqual([
      ['evaluate: a.jsonl, m1', 40],
      ['evaluate: a.jsonl, m2', 40],
    ])
    expect(suite!.name).toBe('evaluate: a.jsonl, gate')
    expect(suite!.cases.map(({ name, failure }) => [name, failure === undefined])).toEqual([
      ['pass@1 of model m1 is at least 0.9', false],
      ['pass@2 of model m1 is at least 0.8', true],
      ['pass@1 of model m2 is at least 0.9', false],
      ['pass@2 of model m2 is at least 0.8', true],
    ])
    const { message, text } = suite!.cases[0]!.failure!
    expect(message).toMatch(
      /^pass@1 of model m1 is not shown to be at least 0.9: the lower bound at level 0.95 is 0\.\d+$/,
    )
    expect(text.split('\n')).toEqual([
      message,
      expect.stringMatching(/^pass@1: 75\.0 % \[\d/),
      'n = 40 tasks × 2 samples; 95 % interval: score; unscored samples: 0, policy count-as-failure',
    ])
  })

  it('lists ten thousand tasks, says so, and shortens names', async () => {
    const many = await logOf(Array.from({ length: 8000 }, (_, task_id) => ({ task_id, reward: 1 })))
    const long = await logOf(['x', 'y'].map((letter) => ({ task_id: letter.repeat(1e5), reward: 1 })))
    const parts = [many, many, long].map((log, i) => partOf(log, ['pass@1'], { model: String(i) }))
    const suites = evaluationSuites({ ...result, notes: [] }, parts)
    expect(suites.map(({ cases, output }) => [cases.length, output])).toEqual([
      [8000, undefined],
      [2000, '2000 of 8000 tasks are listed'],
      [0, '0 of 2 tasks are listed'],
    ])
    const [{ cases }] = evaluationSuites(result, [parts[2]!]) as [(typeof suites)[0]]
    expect(cases.map(({ name }) => name.length)).toEqual([223, 223]) // 200, ' … ', ' (100000 characters)'
  })

  it('tells cases and suites apart that look alike: GitLab shows the first of a name', async () => {
    const log = await logOf(['\u0000', '\\u0000'].map((task_id) => ({ task_id, reward: 1 })))
    const parts = [null, 'none'].map((model) => partOf(log, ['pass@1'], { model }))
    const suites = evaluationSuites(result, parts)
    expect(suites.map(({ name, cases }) => [name, ...cases.map(({ name }) => name)])).toEqual([
      ['evaluate: a.jsonl, none', '\\u0000', '\\u0000 (2)'],
      ['evaluate: a.jsonl, "none"', '\\u0000', '\\u0000 (2)'],
    ])
  })
})
