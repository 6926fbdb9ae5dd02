import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeTasks } from '../../src/encode-tasks.js'
import { outcomeOf } from '../../src/outcome.js'
import type { ReportTask } from '../../src/report.js'
import { TaskSearch, type Query } from '../../src/viewer/task-search.js'

const everything: Query = { search: '', outcome: 'all', label: 'all', order: 'given' }

const word = fc.constantFrom('', 'a', 'B', 'ab', 'Ba')
const task: fc.Arbitrary<ReportTask> = fc.record({
  id: word,
  prompt: word,
  reference: word,
  samples: fc.array(
    fc.record({
      completion: word,
      answer: word,
      verdict: word,
      label: fc.constantFrom('x', 'y'),
      reward: fc.constantFrom(undefined, 0, 0.5, 1),
    }),
    { maxLength: 4 },
  ),
})

describe('TaskSearch', () => {
  it('finds what a plain search finds, whatever the tasks', () => {
    const filters = fc.record({
      search: word,
      outcome: fc.constantFrom('all', 'right', 'wrong', 'between', 'unscored'),
      system: fc.constantFrom('all', 'x', 'y'),
    })
    fc.assert(
      fc.property(fc.array(task, { maxLength: 5 }), filters, (tasks, { search, outcome, system }) => {
        const data = encodeTasks(tasks)
        const label = system === 'all' ? system : data.texts.indexOf(system)
        const found = new TaskSearch(data).find({ ...everything, search, outcome, label })
        const expected = tasks.flatMap(({ id, prompt, reference, samples }) =>
          samples.map((sample) => {
            const texts = [id, prompt, reference, sample.completion, sample.answer, sample.verdict]
            const hit = texts.some((text) => text!.toLowerCase().includes(search.toLowerCase()))
            const fits = outcome === 'all' || outcomeOf(sample.reward) === outcome
            return hit && fits && (system === 'all' || sample.label === system) ? 1 : 0
          }),
        )
        expect([...found.matches]).toEqual(expected)
        let start = 0
        const counts = tasks.map(({ samples }) =>
          expected.slice(start, (start += samples.length)).reduce<number>((sum, match) => sum + match, 0),
        )
        expect([...found.counts]).toEqual(counts)
        expect(found.tasks).toEqual(counts.flatMap((count, place) => (count > 0 ? place : [])))
      }),
    )
  })

  const sampled = (id: string, x: readonly (number | undefined)[], y: readonly (number | undefined)[]): ReportTask => ({
    id,
    samples: [...x.map((reward) => ['x', reward] as const), ...y.map((reward) => ['y', reward] as const)].map(
      ([label, reward]) => ({ completion: '', verdict: '', label, reward }),
    ),
  })
  const tasks = [
    sampled('t10', [1, 0], [0, 1]), // means: ½; x ½, y ½
    sampled('t9', [1, 1], [0, 0]), // ½; 1, 0
    sampled('t2', [undefined], [undefined]), // none
    sampled('t1', [1, undefined], [0.5]), // ¾; 1, ½
  ]
  const search = new TaskSearch(encodeTasks(tasks))
  const y = search.labels()[1]!

  it.each([
    ['given', 'all', ['t10', 't9', 't2', 't1']],
    ['id', 'all', ['t1', 't2', 't9', 't10']],
    ['lowest', 'all', ['t10', 't9', 't1', 't2']],
    ['highest', 'all', ['t1', 't10', 't9', 't2']],
    ['highest', y, ['t10', 't1', 't9', 't2']],
    ['apart', 'all', ['t9', 't1', 't10', 't2']],
  ] as const)('orders tasks: %s, of %s', (order, label, expected) => {
    expect(search.find({ ...everything, order, label }).tasks.map((place) => tasks[place]!.id)).toEqual(expected)
  })

  it('gives the mean reward of scored samples, and none where none is', () => {
    expect([...search.meanRewards('all')]).toEqual([0.5, 0.5, NaN, 0.75])
    expect([...search.meanRewards(y)]).toEqual([0.5, 0, NaN, 0.5])
  })
})
