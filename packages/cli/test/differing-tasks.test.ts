import type { ReportTask } from '@posttrain/report'
import { describe, expect, it } from 'vitest'
import { comparePair, compareSeveral, compareValue, type ComparedLog } from '../src/compared.js'
import { differingTasks, sideBySide } from '../src/differing-tasks.js'
import { logOf } from './in-memory.js'

const named = async (letter: string, counts: readonly number[]): Promise<ComparedLog> => {
  const rows = counts.map((c, task) => ({ task_id: `t${task}`, n: 4, c }))
  return { letter, label: `${letter}: log`, log: await logOf(rows) }
}
const options = { objective: 'pass@1' }

describe('differingTasks', () => {
  it('has the tasks of two logs that differ, the furthest apart first, ties as in the log', async () => {
    const logs = [await named('A', [0, 4, 2, 1, 3]), await named('B', [1, 0, 2, 3, 2])]
    expect(differingTasks(comparePair(logs, 1, options))).toEqual([
      { id: 't1', by: 1 },
      { id: 't3', by: 0.5 },
      { id: 't0', by: 0.25 },
      { id: 't4', by: 0.25 },
    ])
  })

  it('of several logs takes the greatest distance of any two', async () => {
    const logs = [await named('A', [0, 2, 1]), await named('B', [0, 3, 1]), await named('C', [0, 1, 4])]
    expect(differingTasks(compareSeveral(logs, 1, options))).toEqual([
      { id: 't2', by: 0.75 },
      { id: 't1', by: 0.5 },
    ])
  })

  it('has none where there are no pairs of tasks', async () => {
    expect(differingTasks(compareValue([await named('A', [0, 4])], 0.4, 1, options))).toEqual([])
  })
})

describe('sideBySide', () => {
  const sample = (completion: string) => ({ completion, verdict: 'correct', reward: 1 })
  const task = (id: string, own: Partial<ReportTask>): ReportTask => ({ id, samples: [], ...own })
  const a = {
    name: 'A: log',
    tasks: [task('x', { prompt: '1+1', samples: [sample('2'), sample('two')] }), task('y', { samples: [sample('3')] })],
  }
  const b = {
    name: 'B: log',
    tasks: [task('x', { prompt: '1+1', reference: '2', samples: [sample('II')] }), task('z', { prompt: 'p' })],
  }

  it('has what was asked once, and each sample under the name of its system', () => {
    expect(sideBySide(['y', 'x'], [a, b])).toEqual([
      { id: 'y', samples: [{ ...sample('3'), label: 'A: log' }] },
      {
        ...{ id: 'x', prompt: '1+1', reference: '2' },
        samples: [
          { ...sample('2'), label: 'A: log' },
          { ...sample('two'), label: 'A: log' },
          { ...sample('II'), label: 'B: log' },
        ],
      },
    ])
  })

  it('leaves out tasks of which no sample is known', () => {
    expect(sideBySide(['z', 'none'], [a, b])).toEqual([])
  })

  it('has both prompts where systems were asked differently', () => {
    const other = { name: 'C: log', tasks: [task('x', { prompt: 'What is 1+1?', samples: [sample('2')] })] }
    const [x] = sideBySide(['x'], [a, other])
    expect(x!.prompt).toBe('A: log\n1+1\n\nC: log\nWhat is 1+1?')
  })
})
