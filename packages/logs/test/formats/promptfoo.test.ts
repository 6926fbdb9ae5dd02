import { describe, expect, it } from 'vitest'
import { bytesOf, estimates, fileOf, isMissing, rowsOf, titled } from './reading.js'

const result = (testIdx: number, more: object = {}, test: object = {}): object => ({
  promptIdx: 0,
  testIdx,
  provider: { id: 'file://p.mjs', label: 'model-a' },
  prompt: { raw: 'Q: 2+2', label: 'Q: {{q}}' },
  vars: { q: '2+2' },
  response: { output: '4' },
  success: true,
  score: 0.75,
  namedScores: { format: 1 },
  failureReason: 0,
  testCase: { vars: { q: '2+2' }, assert: [], ...test },
  ...more,
})
const results = [
  result(0),
  result(1, { success: false, failureReason: 1, score: 0.25, namedScores: {} }),
  result(2, { success: false, failureReason: 2, score: 0, error: 'timeout' }),
]

describe('results of promptfoo', () => {
  it('have the verdict as reward, and none for an error', async () => {
    const { format, rows } = await rowsOf({ lines: results.map((row) => JSON.stringify(row)) })
    expect(format).toBe('promptfoo')
    expect(rows.map(({ reward, sample }) => [reward, sample])).toEqual([
      [true, 0],
      [false, 1],
      [null, 2],
    ])
    expect(rows[0]).toEqual({
      task_id: '2+2',
      sample: 0,
      reward: true,
      prompt: 'Q: 2+2',
      completion: '4',
      provider: 'model-a',
      template: 'Q: {{q}}',
      vars: { q: '2+2' },
    })
  })

  it.each([undefined, 2])('are the same in one JSON, indented by %s', async (indent) => {
    const one = JSON.stringify({ evalId: 'e', results: { version: 3, results, stats: {} }, config: {} }, null, indent)
    const lines = await rowsOf({ lines: results.map((row) => JSON.stringify(row)) })
    const whole = await rowsOf(bytesOf(one))
    expect(whole.rows).toEqual(lines.rows)
    expect(whole.places).toEqual(['result 1', 'result 2', 'result 3'])
  })

  it('are of a provider by its label, or without one by its id', async () => {
    const providers = [{ id: 'a', label: 'b' }, { id: 'a', label: '' }, { id: 'a' }, 'c']
    const lines = providers.map((provider, at) => JSON.stringify(result(at, { provider })))
    expect((await rowsOf({ lines })).rows.map(({ provider }) => provider)).toEqual(['b', 'a', 'a', 'c'])
  })

  it('give the score, or a named one, when it is asked for', async () => {
    const lines = results.map((row) => JSON.stringify(row))
    const rewards = async (score: string): Promise<unknown> =>
      (await rowsOf({ lines }, { score })).rows.map(({ reward }) => reward)
    expect(await rewards('score')).toEqual([0.75, 0.25, null])
    expect(await rewards('format')).toEqual([1, null, null])
    await expect(rewards('brief')).rejects.toThrow('there is no score brief')
  })

  it('are read from its table, for each prompt and provider', async () => {
    const more = 'Status,Score,Named Scores,Metric: brief,Grader Reason,Comment'
    const table = [
      `Description,q,[model-a] Q: {{q}},${more},[model-b] Q: {{q}},${more}`,
      'easy,2+2,4,PASS,1.00,"{""brief"":0.5}",0.50,fine,,5,FAIL,0.00,,,wrong,',
      ',12,,ERROR,0.00,,,,,,,,,,,',
    ].join('\n')
    const { format, rows, places } = await rowsOf(bytesOf(table))
    expect({ format, places }).toEqual({ format: 'promptfoo', places: ['result 1', 'result 2', 'result 3'] })
    const common = { template: 'Q: {{q}}' }
    expect(rows).toEqual([
      { ...common, task_id: '2+2', reward: true, completion: '4', provider: 'model-a', vars: { q: '2+2' } },
      { ...common, task_id: '2+2', reward: false, completion: '5', provider: 'model-b', vars: { q: '2+2' } },
      { ...common, task_id: '12', reward: null, completion: '', provider: 'model-a', vars: { q: '12' } },
    ])
    expect((await rowsOf(bytesOf(table), { score: 'brief' })).rows.map(({ reward }) => reward)).toEqual([
      0.5,
      null,
      null,
    ])
    expect((await rowsOf(bytesOf(table), { score: 'score' })).rows.map(({ reward }) => reward)).toEqual([1, 0, null])
  })

  it('of other tests with the same variables are other tasks', async () => {
    const other = result(3, {}, { description: 'harder' })
    const { rows } = await rowsOf({ lines: [...results, other].map((row) => JSON.stringify(row)) })
    expect(rows.map(({ task_id: id }) => id)).toEqual(['2+2', '2+2', '2+2', '"2+2" (2)'])
    const two = result(0, { vars: { a: 1, b: 'x' } })
    expect((await rowsOf({ lines: [JSON.stringify(two)] })).rows[0]).toMatchObject({ task_id: '{"a":1,"b":"x"}' })
  })
})

describe.skipIf(isMissing('promptfoo/out.json'))(titled('what promptfoo itself reports', 'promptfoo/out.json'), () => {
  it.each(['out.json', 'out.jsonl'])('60 passed, 12 failed, 8 errors: %s', async (name) => {
    const { rows } = await rowsOf(fileOf(`promptfoo/${name}`))
    const counts = [true, false, null].map((value) => rows.filter(({ reward }) => reward === value).length)
    expect(counts).toEqual([60, 12, 8])
    expect(new Set(rows.map(({ task_id: id }) => id)).size).toBe(5)
  })

  it('a provider and a prompt at a time', async () => {
    const where = { provider: 'model-a', template: 'Q: {{q}}' }
    const [mean] = await estimates(fileOf('promptfoo/out.jsonl'), ['mean'], { where })
    const { rows } = await rowsOf(fileOf('promptfoo/out.jsonl'))
    const taken = rows.filter((row) => row['provider'] === where.provider && row['template'] === where.template)
    expect(taken).toHaveLength(20)
    const means = [...new Set(taken.map(({ task_id: id }) => id))].flatMap((task) => {
      const scored = taken.filter(({ task_id: id, reward }) => id === task && reward !== null)
      return scored.length === 0 ? [] : [scored.filter(({ reward }) => reward).length / scored.length]
    })
    expect(mean).toBeCloseTo(means.reduce((sum, value) => sum + value, 0) / means.length, 12)
  })
})
