import { describe, expect, it } from 'vitest'
import { logOf, samplesOf } from './in-memory.js'

describe('TaskLog', () => {
  it('gathers the samples of each task in their order, however tasks are interleaved', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({
      task_id: `t${i % 3}`,
      reward: i,
      answer: `a${i % 2}`,
      proxy: 1 - i,
    }))
    const log = logOf(rows)
    const groups = [...log.tasks()].map((task) => {
      if (task.kind === 'counts') throw new Error('no counts were logged')
      return task.group
    })
    expect(groups.map(({ task }) => task.id)).toEqual(['t0', 't1', 't2'])
    for (const [t, { samples, outcomes }] of groups.entries()) {
      const own = rows.filter((_, i) => i % 3 === t)
      expect(outcomes).toEqual(
        own.map(({ reward, answer, proxy }) => ({ kind: 'scored', reward, answer, parts: { proxy } })),
      )
      expect(samples.map(({ id, taskId, index }) => [id, taskId, index])).toEqual(
        own.map((_, i) => [`t${t}`, `t${t}`, i]),
      )
    }
    expect(log.totals).toEqual({
      samples: 5000,
      absent: 0,
      stoppedAt: undefined,
      unscored: 0,
      firstUnscored: undefined,
      repeated: 0,
      firstRepeated: undefined,
      answered: 5000,
      placeholders: 0,
      proxied: 5000,
      keepsAnswers: true,
      binary: false,
      withinUnit: false,
    })
  })

  it('keeps counts, absent scores and absent answers apart', () => {
    const log = logOf([
      { task_id: 'counted', n: 10, c: 4 },
      { task_id: 'grouped', rewards: [1, null], answers: [null, 'x'] },
      ...samplesOf('sampled', [0.5]),
    ])
    const [counted, ...grouped] = [...log.tasks()]
    expect(counted).toEqual({ kind: 'counts', id: 'counted', n: 10, c: 4 })
    expect(grouped.map((task) => task.kind === 'group' && task.group.outcomes)).toEqual([
      [
        { kind: 'scored', reward: 1 },
        { kind: 'unscored', reason: 'the log has no score', answer: 'x' },
      ],
      [{ kind: 'scored', reward: 0.5 }],
    ])
    expect([...log.tasks(new Set(['grouped']))].map((task) => task.kind)).toEqual(['counts', 'group'])
    expect(log.size).toBe(3)
    expect(log.totals).toMatchObject({
      samples: 13,
      unscored: 1,
      firstUnscored: 'log.jsonl, line 2',
      binary: false,
      withinUnit: true,
    })
  })

  it('counts the samples that enter under each policy', () => {
    const log = logOf([
      ...samplesOf('a', [1, null]),
      { task_id: 'b', rewards: [null, null, 0] },
      ...samplesOf('a', [null, 0]),
      { task_id: 'c', n: 1e9, c: 4 },
    ])
    const all = { a: 4, b: 3, c: 1e9 }
    expect(Object.fromEntries(log.sampleCounts('count-as-failure'))).toEqual(all)
    expect(Object.fromEntries(log.sampleCounts('exclude'))).toEqual({ a: 2, b: 1, c: 1e9 })
  })

  it('knows the reference of a task as JSON', () => {
    const log = logOf([
      { task_id: 'a', reward: 1, reference: '4' },
      { task_id: 'b', reward: 1 },
    ])
    expect([log.referenceOf('a'), log.referenceOf('b'), log.referenceOf('c')]).toEqual(['"4"', undefined, undefined])
  })

  it('forgets answers that nobody will count, but not that there were any', () => {
    const log = logOf([{ task_id: 'a', reward: 1, answer: 'x' }], false)
    const [task] = log.tasks()
    expect(task?.kind === 'group' && task.group.outcomes).toEqual([{ kind: 'scored', reward: 1 }])
    expect(log.totals).toMatchObject({ answered: 1, keepsAnswers: false })
  })

  const first = 'first seen in log.jsonl, line 1'
  it.each([
    [
      [
        { n: 2, c: 1 },
        { n: 2, c: 1 },
      ],
      `task "a" is given twice, each time with counts; ${first}`,
    ],
    [[{ rewards: [1] }, { rewards: [1] }], `task "a" is given twice, each time with all samples of the task; ${first}`],
    [[{ reward: 1 }, { n: 2, c: 1 }], `task "a" has counts here and one sample before; ${first}`],
    [[{ rewards: [1] }, { reward: 1 }], `task "a" has one sample here and all samples of the task before; ${first}`],
    [
      [
        { reward: 1, reference: '4' },
        { reward: 1, reference: '5' },
      ],
      `task "a" has the reference "5" here and "4" before; ${first}`,
    ],
  ])('refuses rows that contradict each other: %j', (rows, message) => {
    const named = rows.map((row) => ({ task_id: 'a', ...row }))
    expect(() => logOf(named)).toThrow(expect.objectContaining({ message: `log.jsonl, line 2: ${message}` }))
  })
})
