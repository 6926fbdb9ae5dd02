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
    const tasks = [...log.tasks()]
    expect(tasks.map(({ id }) => id)).toEqual(['t0', 't1', 't2'])
    for (const [t, task] of tasks.entries()) {
      if (task.shape === 'counts') throw new Error('no counts were logged')
      const own = rows.filter((_, i) => i % 3 === t)
      expect([...task.rewards]).toEqual(own.map(({ reward }) => reward))
      expect([...task.proxies]).toEqual(own.map(({ proxy }) => proxy))
      expect([...task.answers]).toEqual(own.map(({ answer }) => Number(answer.slice(1))))
    }
    expect(log).toMatchObject({
      samples: 5000,
      unscored: 0,
      answered: 5000,
      proxied: 5000,
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
    expect([...log.tasks()]).toEqual([
      { id: 'counted', shape: 'counts', n: 10, c: 4 },
      {
        id: 'grouped',
        shape: 'samples',
        rewards: Float64Array.of(1, NaN),
        answers: Int32Array.of(-1, 0),
        proxies: Float64Array.of(NaN, NaN),
      },
      {
        id: 'sampled',
        shape: 'samples',
        rewards: Float64Array.of(0.5),
        answers: Int32Array.of(-1),
        proxies: Float64Array.of(NaN),
      },
    ])
    expect(log).toMatchObject({
      samples: 13,
      unscored: 1,
      firstUnscored: 'log.jsonl, line 2',
      binary: false,
      withinUnit: true,
    })
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
