import { describe, expect, it } from 'vitest'
import { estimates, fileOf, isMissing, rowsOf, titled } from './reading.js'

const row = (id: number, more: object): string =>
  JSON.stringify({
    doc_id: id,
    doc: { question: 'q', level: 3 },
    target: '4',
    arguments: { gen_args_0: { arg_0: 'Q: q', arg_1: {} } },
    ...more,
  })

describe('samples of lm-eval', () => {
  it('are one row for each document and filter, whatever number of repeats a filter made it of', async () => {
    const lines = [
      row(0, { resps: [['4', '5']], filtered_resps: ['4'], filter: 'first', metrics: ['acc'], acc: 1 }),
      row(0, { resps: [['4', '5']], filtered_resps: ['[invalid]'], filter: 'maj@2', metrics: ['acc'], acc: 0 }),
    ]
    const { format, rows } = await rowsOf({ name: '/x/samples_toy_sum_2026-11-26T21-29-51.123.jsonl', lines })
    expect(format).toBe('lm-eval')
    const both = { task_id: 0, reference: '4', prompt: 'Q: q', benchmark: 'toy_sum', doc: { question: 'q', level: 3 } }
    expect(rows).toEqual([
      { ...both, reward: 1, answer: '4', filter: 'first' },
      { ...both, reward: 0, answer: '[invalid]', filter: 'maj@2' },
    ])
  })

  it('have the counts of a task where all repeats are kept for pass@k', async () => {
    const metrics = ['pass@1', 'pass@2']
    const kept = { resps: [['4', '5', '4']], filtered_resps: [['4', '5', '4']], filter: 'all', metrics }
    const lines = [row(1, { ...kept, 'pass@1': 0.6666666666666667, 'pass@2': 1 })]
    expect((await rowsOf({ lines })).rows[0]).toMatchObject({ task_id: 1, n: 3, c: 2, filter: 'all' })
    expect((await rowsOf({ lines }, { score: 'pass@2' })).rows[0]).toMatchObject({ reward: 1, 'pass@2': 1 })
  })

  it('have the counts of a task where all repeats are kept for exact_match, which is then their mean', async () => {
    const kept = { resps: [['4', '5', '4', '4']], filtered_resps: [['4', '5', '4', '4']], filter: 'all' }
    const lines = [row(1, { ...kept, metrics: ['exact_match'], exact_match: 0.75 })]
    expect((await rowsOf({ lines })).rows[0]).toMatchObject({ task_id: 1, n: 4, c: 3 })
    // Of several right answers exact_match is whether any repeat is any of them.
    const any = [row(1, { ...kept, target: ['4', '6'], metrics: ['exact_match'], exact_match: 1 })]
    await expect(rowsOf({ lines: any })).rejects.toThrow(
      'lines, line 1: exact_match is one score of the 4 repeats that the filter keeps, and of which is not said',
    )
    const named = [row(1, { ...kept, metrics: ['f1'], f1: 1 })]
    await expect(rowsOf({ lines: named })).rejects.toMatchObject({ hint: expect.stringContaining('f1') as string })
    expect((await rowsOf({ lines: named }, { score: 'f1' })).rows[0]).toMatchObject({ reward: 1 })
  })

  it('with several metrics are refused until one is chosen', async () => {
    const scored = { resps: [['x']], filtered_resps: [['-1', 'True']], filter: 'none', metrics: ['acc', 'acc_norm'] }
    const lines = [row(2, { ...scored, acc: 1, acc_norm: 0 })]
    await expect(rowsOf({ lines })).rejects.toThrow('lines, line 1: there are several scores (acc, acc_norm)')
    expect((await rowsOf({ lines }, { score: 'acc_norm' })).rows[0]).toMatchObject({ reward: 0, filter: 'none' })
    await expect(rowsOf({ lines }, { score: 'f1' })).rejects.toThrow(
      expect.objectContaining({ message: 'lines, line 1: there is no score f1', hint: 'there is: acc, acc_norm' }),
    )
  })
})

const pass = 'lm_eval/samples_toy_pass.jsonl'
describe.skipIf(isMissing(pass))(titled('the figures that lm-eval itself reports', pass), () => {
  it('pass@1, 2 and 4', async () => {
    const found = await estimates(fileOf(pass), ['pass@1', 'pass@2', 'pass@4'])
    const reported = [0.45, 11 / 15, 1]
    found.forEach((value, i) => expect(value).toBeCloseTo(reported[i]!, 12))
  })

  it.each(['strict-first', 'flexible-first', 'maj@2', 'maj@4'])('exact match under the filter %s', async (filter) => {
    const found = await estimates(fileOf('lm_eval/samples_toy_math.jsonl'), ['mean'], { where: { filter } })
    expect(found).toEqual([0.6])
  })

  it('not over all filters at once', async () => {
    await expect(estimates(fileOf('lm_eval/samples_toy_math.jsonl'), ['mean'])).rejects.toThrow('differ in filter')
  })
})
