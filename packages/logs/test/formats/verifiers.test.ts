import { describe, expect, it } from 'vitest'
import { estimates, fileOf, isMissing, rowsOf, titled } from './reading.js'

const episode = (id: string, rewards: object): string =>
  JSON.stringify({
    env: { id: 'sums' },
    task: { data: { idx: 0, prompt: 'Q', answer: '4' }, key: 'k' },
    traces: [
      {
        id,
        rewards,
        agent: { name: 'agent', config: { model: 'm' } },
        nodes: [
          { message: { role: 'user', content: 'Q' }, sampled: false },
          { message: { role: 'assistant', content: '4' }, sampled: true },
        ],
      },
    ],
  })

const lines = [
  episode('x', { correct: { score: 1, weight: 1 }, format: { score: 0.5, weight: 0.5 } }),
  episode('y', { correct: null, format: null }),
  episode('z', {}),
]

describe('traces of verifiers', () => {
  it('have the weighted sum as reward, and none where a judge or the model failed', async () => {
    const { format, rows } = await rowsOf({ lines })
    expect(format).toBe('verifiers')
    expect(rows.map(({ reward }) => reward)).toEqual([1.25, null, null])
    expect(rows[0]).toEqual({
      task_id: 0,
      sample_id: 'x',
      reward: 1.25,
      reference: '4',
      prompt: 'Q',
      completion: '4',
      model: 'm',
      agent: 'agent',
      benchmark: 'sums',
    })
  })

  it('have one reward where it is asked for', async () => {
    const rewards = async (score: string): Promise<unknown> =>
      (await rowsOf({ lines }, { score })).rows.map(({ reward }) => reward)
    expect(await rewards('format')).toEqual([0.5, null, null])
    await expect(rewards('brief')).rejects.toThrow(
      expect.objectContaining({ hint: 'there is: reward, correct, format' }),
    )
  })
})

const traces = 'verifiers/traces.jsonl'
describe.skipIf(isMissing(traces))(titled('the figures that verifiers itself reports', traces), () => {
  it('of correct: 9 of 14 scored, .646 as a mean over tasks, .5625 with errors as 0', async () => {
    const fields = { score: 'correct' }
    const { rows } = await rowsOf(fileOf(traces), { score: 'correct' })
    const scored = rows.map(({ reward }) => reward).filter((reward) => reward !== null)
    expect([scored.length, scored.reduce<number>((sum, reward) => sum + Number(reward), 0)]).toEqual([14, 9])
    const [mean] = await estimates(fileOf(traces), ['mean'], { fields })
    expect(mean).toBeCloseTo((3 / 4 + 1 / 2 + 2 / 3 + 2 / 3) / 4, 12)
    expect(await estimates(fileOf(traces), ['mean'], { fields }, 'count-as-failure')).toEqual([0.5625])
  })

  it('of all rewards: .74 over the scored, .64 with errors as 0', async () => {
    const { rows } = await rowsOf(fileOf(traces))
    const sum = rows.reduce((total, { reward }) => total + Number(reward), 0)
    expect(sum / 14).toBeCloseTo(0.7357, 4)
    expect(await estimates(fileOf(traces), ['mean'], {}, 'count-as-failure')).toEqual([expect.closeTo(sum / 16, 12)])
  })
})
