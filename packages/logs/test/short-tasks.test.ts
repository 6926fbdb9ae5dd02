import { passAtKObjective } from '@posttrain/estimators'
import { expect, it } from 'vitest'
import { shortTasks } from '../src/short-tasks.js'

const counts = Object.entries({ a: 4, b: 2, c: 8, d: 6 })
const pass = (k: number): ReturnType<typeof passAtKObjective> => passAtKObjective({ k })

it('finds the tasks with too few samples, and the fewest of the others', () => {
  expect(shortTasks(counts, pass(2), {})).toEqual({ ids: new Set(), fewest: 2 })
  expect(shortTasks(counts, pass(5), { dropShort: true })).toEqual({ ids: new Set(['a', 'b']), fewest: 6 })
})

it('refuses them unless they are dropped, with the hint in the words of the caller', () => {
  expect(() => shortTasks(counts, pass(5), { optionNames: { dropShort: '--drop-short' } })).toThrow(
    expect.objectContaining({
      message: 'pass@5 needs 5 samples per task, but 2 of 4 tasks have fewer: "a" (4), "b" (2)',
      hint: 'lower K to at most 2, draw more samples, or leave these tasks out with --drop-short',
    }),
  )
  expect(() =>
    shortTasks(
      [
        ['a', 0],
        ['b', 1],
      ],
      pass(1),
      {},
    ),
  ).toThrow(expect.objectContaining({ hint: 'draw more samples, or leave these tasks out with dropShort: true' }))
  expect(() => shortTasks(counts, pass(7), { dropShort: true })).toThrow(
    'an interval over tasks needs at least 2 tasks, but 1 of 4 have the samples for pass@7',
  )
})
