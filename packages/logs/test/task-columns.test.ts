import { expect, it } from 'vitest'
import { objectivesOf } from '../src/log-objectives.js'
import { estimateOf, taskColumns } from '../src/task-columns.js'
import { logOf, samplesOf } from './in-memory.js'

const log = logOf([
  ...samplesOf('a', [1, null, 0]),
  ...samplesOf('b', [0, null]),
  { task_id: 'c', n: 4, c: 3 },
  ...samplesOf('d', [1]),
])
const objectives = objectivesOf(['pass@1', 'pass^2'], log, {})
const unscored = 'exclude'

it('has the tasks of a log in its order, but for those that are left out', () => {
  const columns = taskColumns(log, objectives.slice(0, 1), { unscored, leftOut: new Set(['b']) })
  expect(columns.values).toEqual([Float64Array.of(1 / 2, 3 / 4, 1)])
  expect(columns.samples).toEqual(Float64Array.of(2, 4, 1))
  expect(columns.unscored).toBe(1)
})

it('has them at places of their own, so that two logs are paired', () => {
  const places = new Map([
    ['c', 0],
    ['a', 1],
  ])
  const columns = taskColumns(log, objectives, { unscored, leftOut: new Set(['b', 'd']), places })
  expect(columns.values).toEqual([Float64Array.of(3 / 4, 1 / 2), Float64Array.of(1 / 2, 0)])
  expect(columns.samples).toEqual(Float64Array.of(4, 2))
  const estimate = estimateOf(columns, 1, { name: 'pass^2', unscored })
  expect(estimate).toMatchObject({ name: 'pass^2', value: 0.25, tasks: 2, unscored: 1, unscoredPolicy: 'exclude' })
  expect(estimate.samplesPerTask).toEqual({ min: 2, max: 4 })
})
