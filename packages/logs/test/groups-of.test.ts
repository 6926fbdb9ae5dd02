import { passAtKObjective } from '@posttrain/estimators'
import { evaluateGroup } from '@posttrain/sampling'
import { expect, it } from 'vitest'
import { groupsOf } from '../src/groups-of.js'
import { logOf, samplesOf } from './in-memory.js'

it('gives groups that whatever speaks of groups understands', () => {
  const log = logOf([...samplesOf('a', [1, 0]), ...samplesOf('b', [0, null, 1]), ...samplesOf('a', [0])])
  const evaluations = [...groupsOf(log)].map((group) => evaluateGroup(group, [passAtKObjective({ k: 2 })], 'exclude'))
  expect(evaluations.map(({ taskId, samples, unscored }) => [taskId, samples, unscored])).toEqual([
    ['a', 3, 0],
    ['b', 2, 1],
  ])
  // Of a's three pairs one has no correct sample; b's only pair has one.
  expect(evaluations[0]!.values[0]).toBeCloseTo(2 / 3, 15)
  expect(evaluations[1]!.values[0]).toBe(1)
})

it('refuses counts, of which there are no samples', () => {
  const groups = groupsOf(logOf([...samplesOf('a', [1]), { task_id: 'b', n: 4, c: 1 }]))
  expect(groups.next().value).toMatchObject({ task: { id: 'a' } })
  expect(() => groups.next()).toThrow('the log has only counts of task "b", and a group is made of samples')
})
