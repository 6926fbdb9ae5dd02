import { beforeAll, describe, expect, it } from 'vitest'
import { missing, runTrainer, servedRewards } from './run-trainer.js'
import { digitsOf } from './digits-of.js'

interface Row {
  readonly step: number
  readonly prompt: string
  readonly completion: string
  readonly posttrain_reward: number | null
  readonly advantage: number
  readonly answer_read: string
  readonly unscored: string
}
interface Result {
  readonly steps: number
  readonly logs: readonly Readonly<Record<string, number>>[]
  readonly rows: readonly Row[]
}

const why = missing('TRAINERS_PYTHON', 'trl')
describe.skipIf(why !== '')(`three steps of TRL's GRPO${why}`, () => {
  const rewards = servedRewards('./digits-reward.mjs')
  let result: Result
  beforeAll(async () => {
    const shim = { trainer: 'trl', url: rewards.url() } as const
    result = await runTrainer({ interpreter: 'TRAINERS_PYTHON', program: 'trl_grpo.py', shim })
  }, 600_000)

  it('have the rewards that ours gives their completions, and none where it gives none', async () => {
    expect(result.steps).toBe(3)
    expect(result.rows).toHaveLength(48)
    for (const { prompt, completion, posttrain_reward, answer_read, unscored } of result.rows) {
      const outcome = await digitsOf(completion, String(2 * Number(prompt[0])))
      // TRL has rewards in single precision.
      if (outcome.kind === 'scored') expect(posttrain_reward).toBeCloseTo(outcome.reward, 6)
      else expect(posttrain_reward).toBe(null)
      expect(answer_read).toBe(outcome.answer ?? '')
      expect(unscored).toBe(outcome.kind === 'unscored' ? 'has a 7' : '')
    }
  })

  it('give advantages to the scored ones alone, which in each group of eight add up to nothing', () => {
    const scored = result.rows.filter(({ posttrain_reward }) => posttrain_reward !== null)
    expect(scored.length).toBeGreaterThan(24)
    expect(scored.length).toBeLessThan(48)
    for (const { posttrain_reward, advantage } of result.rows) if (posttrain_reward === null) expect(advantage).toBe(0)
    for (let start = 0; start < 48; start += 8) {
      const advantages = result.rows.slice(start, start + 8).map(({ advantage }) => advantage)
      expect(advantages.reduce((sum, one) => sum + one)).toBeCloseTo(0, 4)
    }
    expect(result.rows.some(({ advantage }) => Math.abs(advantage) > 0.5)).toBe(true)
  })

  it('log the share of unscored samples and the mean of each part', () => {
    for (const step of [1, 2, 3]) {
      const rows = result.rows.filter((row) => row.step === step)
      const scored = rows.filter(({ posttrain_reward }) => posttrain_reward !== null)
      const log = result.logs[step - 1]!
      const mean = scored.reduce((sum, { posttrain_reward }) => sum + posttrain_reward!, 0) / scored.length
      expect(log['posttrain/unscored']).toBeCloseTo(1 - scored.length / rows.length, 6)
      expect(log['rewards/posttrain_reward/mean']).toBeCloseTo(mean, 5)
      expect((log['posttrain/digits']! + log['posttrain/reference']!) / 2).toBeCloseTo(mean, 5)
    }
  })
})
