import { describe, expect, it } from 'vitest'
import { estimates, fileOf, isMissing, rowsOf, titled } from './reading.js'

const log = (samples: readonly object[], results: object = {}): Buffer =>
  Buffer.from(
    JSON.stringify(
      {
        version: 2,
        status: 'success',
        eval: { task: 'sums', model: 'm', model_generate_config: { temperature: 0.5 } },
        plan: { name: 'plan', config: {} },
        results,
        samples,
      },
      null,
      2,
    ).replaceAll('"nan"', 'NaN'),
  )

const sample = (id: string | number, epoch: number, scores?: object, more: object = {}): object => ({
  id,
  epoch,
  input: `what is ${id}`,
  target: '4',
  output: { completion: 'ANSWER: 4' },
  ...(scores === undefined ? {} : { scores }),
  ...more,
})

describe('a log of Inspect', () => {
  it('is read as rows with the letters as numbers, and without a reward where there is no score', async () => {
    const values = ['C', 'I', 'P', 'N', true, 0.25, 'nan', '0.5']
    const samples = [
      ...values.map((value, i) => sample('a', i + 1, { match: { value, answer: '4' } })),
      sample('a', 9, undefined, { error: { message: 'gone' }, metadata: { passage: 'p' } }),
    ]
    const { format, mainScore, rows, places } = await rowsOf(log(samples))
    expect({ format, mainScore }).toEqual({ format: 'inspect', mainScore: undefined })
    expect(rows.map(({ reward }) => reward)).toEqual([1, 0, 0.5, 0, true, 0.25, null, '0.5', null])
    expect(rows[0]).toEqual({
      task_id: 'a',
      sample: 1,
      reward: 1,
      answer: '4',
      reference: '4',
      prompt: 'what is a',
      completion: 'ANSWER: 4',
      model: 'm',
      benchmark: 'sums',
      temperature: 0.5,
    })
    expect(rows[8]).toMatchObject({ metadata: { passage: 'p' } })
    expect(places.slice(0, 2)).toEqual(['sample 1', 'sample 2'])
  })

  const two = [
    sample('a', 1, { match: { value: 'C' }, parts: { value: { exact: 'I', length: 3 } } }),
    sample('b', 1, { match: { value: 'I' } }),
  ]

  it('of several scores has that for its reward which is asked for', async () => {
    const { rows } = await rowsOf(log(two), { score: 'parts.length' })
    expect(rows.map((row) => [row['reward'], row['parts.length']])).toEqual([
      [3, 3],
      [null, null],
    ])
  })

  it('of several scores is refused without a choice, unless the log has a headline', async () => {
    await expect(rowsOf(log(two), { optionNames: { score: '--score' } })).rejects.toThrow(
      expect.objectContaining({
        message:
          'log, sample 1: there are several scores (match, parts.exact, parts.length), and which one counts is not said',
        hint: 'choose one with --score NAME',
      }),
    )
    await expect(rowsOf(log(two), { score: 'exact' })).rejects.toThrow('there is no score exact')
    const headline = { headline: { scorer: 'parts', score: 'exact', metric: 'accuracy' } }
    const { mainScore, rows } = await rowsOf(log(two, headline))
    expect(mainScore).toBe('parts.exact')
    expect(rows.map(({ reward }) => reward)).toEqual([0, null])
  })
})

const eval_ = 'inspect_ai/letters-epochs.eval'
describe.skipIf(isMissing(eval_))(titled('the figures that Inspect itself reports', eval_), () => {
  it('letters over epochs, in an archive of zstd', async () => {
    const found = await estimates(fileOf(eval_), ['mean', 'pass@1', 'pass@2', 'pass^2'])
    const reported = [0.4375, 0.4375, 17 / 24, 1 / 6]
    found.forEach((value, i) => expect(value).toBeCloseTo(reported[i]!, 12))
  })

  it.each(['with-errors.eval', 'with-errors.json'])('an error without a score: %s', async (name) => {
    const [mean, pass] = await estimates(fileOf(`inspect_ai/${name}`), ['mean', 'pass@2'])
    expect(mean).toBeCloseTo(11 / 24, 12)
    expect(pass).toBeCloseTo(0.75, 12)
  })

  it.each([
    ['letters', 0.4375],
    ['parts.exact', 0.46875],
    ['parts.length', 1.9375],
    ['sometimes', 0.5625],
    ['distance', 0.83333125],
  ])('one of several scores: %s', async (score, reported) => {
    const [mean] = await estimates(fileOf('inspect_ai/several-scorers.json'), ['mean'], { fields: { score } })
    expect(mean).toBeCloseTo(reported, 12)
  })

  it('an archive of 2024, of deflate', async () => {
    const { rows } = await rowsOf(fileOf('inspect_ai/old-2024-11.eval'))
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ task_id: 1, sample: 1, reward: 1, model: 'openai/gpt-4o-mini' })
  })
})
