import { describe, expect, it } from 'vitest'
import { bytesOf, estimates, fileOf, isMissing, rowsOf, titled } from './reading.js'

const evalplus = (results: object): ReturnType<typeof bytesOf> =>
  bytesOf(JSON.stringify({ date: 'd', hash: 'h', eval: results }))

describe('results of EvalPlus', () => {
  const now = {
    'T/0': [
      { task_id: 'T/0', solution: 'a', base_status: 'pass', plus_status: 'pass' },
      { task_id: 'T/0', solution: 'b', base_status: 'pass', plus_status: 'fail' },
      { task_id: 'T/0', solution: 'c', base_status: 'timeout', plus_status: 'pass' },
    ],
  }
  const before = {
    'T/0': {
      nfiles: 3,
      base: [
        ['pass', [true]],
        ['pass', [true]],
        ['timeout', []],
      ],
      plus: [
        ['pass', [true]],
        ['fail', [false]],
        ['pass', [true]],
      ],
    },
  }

  it.each([
    ['present', now],
    ['older', before],
  ])('count plus only with base, in the %s form', async (_, results) => {
    const rewards = async (score: string): Promise<unknown> =>
      (await rowsOf(evalplus(results), { score })).rows.map(({ sample, reward }) => [sample, reward])
    expect(await rewards('base')).toEqual([[0, 1], [1, 1], [2, 0]]) // prettier-ignore
    expect(await rewards('plus')).toEqual([[0, 1], [1, 0], [2, 0]]) // prettier-ignore
  })

  it('are refused until one of both is chosen, but not where there is only one', async () => {
    await expect(rowsOf(evalplus(now))).rejects.toThrow('log, sample 1: there are several scores (base, plus)')
    const alone = { 'T/0': [{ solution: 'a', base_status: 'pass', plus_status: null }] }
    expect((await rowsOf(evalplus(alone))).rows).toEqual([{ task_id: 'T/0', sample: 0, reward: 1, completion: 'a' }])
  })

  it('with another status are refused', async () => {
    const odd = { 'T/0': [{ base_status: 'skipped' }] }
    await expect(rowsOf(evalplus(odd))).rejects.toThrow('log, sample 1: the status "skipped" is none of EvalPlus')
  })
})

describe('results of human-eval', () => {
  it('are read as they are', async () => {
    const lines = [JSON.stringify({ task_id: 'T/0', completion: 'x', result: 'timed out', passed: false })]
    const { format, rows } = await rowsOf({ lines })
    expect({ format, rows }).toEqual({
      format: 'human-eval',
      rows: [{ task_id: 'T/0', reward: 0, completion: 'x' }],
    })
  })
})

describe('verdicts of a task in a list', () => {
  it('beside the answers, as CRUXEval has them, or alone', async () => {
    const scored = { raw_generations: { a: ['1', '2'] }, raw_scored_generations: { a: [true, false] }, pass_at_1: 50 }
    const { format, rows, places } = await rowsOf(bytesOf(JSON.stringify(scored)))
    expect({ format, rows, places }).toEqual({
      format: 'cruxeval',
      rows: [{ task_id: 'a', rewards: [true, false], answers: ['1', '2'] }],
      places: ['task 1'],
    })
    expect((await rowsOf(bytesOf('{\n"a": [true],\n"b": [false]\n}'))).rows).toEqual([
      { task_id: 'a', rewards: [true] },
      { task_id: 'b', rewards: [false] },
    ])
  })

  it('as LiveCodeBench has them', async () => {
    const questions = [{ question_id: 'q', graded_list: [true, false], code_list: ['x', 'y'], difficulty: 'hard' }]
    const { format, rows } = await rowsOf(bytesOf(JSON.stringify(questions)))
    expect({ format, rows }).toEqual({
      format: 'livecodebench',
      rows: [{ task_id: 'q', rewards: [true, false], samples: ['x', 'y'], difficulty: 'hard' }],
    })
  })
})

const results = 'evalplus/samples_eval_results.json'
describe.skipIf(isMissing(results))(titled('the figures that these tools themselves report', results), () => {
  it('EvalPlus: base .667, plus .417', async () => {
    const [base] = await estimates(fileOf(results), ['pass@1'], { fields: { score: 'base' } })
    const [plus] = await estimates(fileOf(results), ['pass@1'], { fields: { score: 'plus' } })
    expect([base, plus]).toEqual([2 / 3, 5 / 12])
  })

  it('human-eval', async () => {
    const file = fileOf('human_eval/samples.jsonl_results.jsonl')
    const found = await estimates(file, ['pass@1', 'pass@2', 'pass@4'])
    const reported = [0.4166666666666667, 0.7222222222222222, 1]
    found.forEach((value, i) => expect(value).toBeCloseTo(reported[i]!, 12))
  })

  it('CRUXEval, as its file says', async () => {
    const file = fileOf('cruxeval/scored_codellama-7b_temp0.2_input_first300.json')
    const found = await estimates(file, ['pass@1', 'pass@5'])
    const reported = [0.37, 0.4566269841269842]
    found.forEach((value, i) => expect(value).toBeCloseTo(reported[i]!, 12))
  })
})

it('results of BigCodeBench have a row for each sample', async () => {
  const sample = (status: string): object => ({ task_id: 'BigCodeBench/0', solution: 'x', status, details: {} })
  const results = { date: '2026-11-27 12:00', eval: { 'BigCodeBench/0': [sample('pass'), sample('timeout')] } }
  const { format, rows } = await rowsOf(bytesOf(JSON.stringify(results, null, 2)))
  expect(format).toBe('bigcodebench')
  expect(rows).toEqual([
    { task_id: 'BigCodeBench/0', sample: 0, reward: 1, completion: 'x' },
    { task_id: 'BigCodeBench/0', sample: 1, reward: 0, completion: 'x' },
  ])
})

it('results of code_eval have a row for each sample, with its own number', async () => {
  const verdict = (passed: boolean, sample: number): unknown => [sample, { passed, completion_id: sample }]
  const results = { '0': [verdict(false, 1), verdict(true, 0)], '1': [verdict(true, 0)] }
  const { format, rows } = await rowsOf(bytesOf(JSON.stringify(results)))
  expect(format).toBe('code-eval')
  expect(rows).toEqual([
    { task_id: '0', sample: 1, reward: 0 },
    { task_id: '0', sample: 0, reward: 1 },
    { task_id: '1', sample: 0, reward: 1 },
  ])
})
