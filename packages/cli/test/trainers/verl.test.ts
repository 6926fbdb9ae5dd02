import { beforeAll, describe, expect, it } from 'vitest'
import { digitsOf } from './digits-of.js'
import { missing, runTrainer, servedRewards } from './run-trainer.js'

interface Rollout {
  readonly text: string
  readonly reward_score: number
  readonly reward_extra_info: Readonly<Record<string, number>>
  readonly rewards_of_tokens: readonly number[]
}

const why = missing('TRAINERS_PYTHON', 'verl')
describe.skipIf(why !== '')(`reward managers of verl${why}`, () => {
  const rewards = servedRewards('./digits-reward.mjs')
  let result: { readonly version: string; readonly managers: Readonly<Record<string, readonly Rollout[]>> }
  beforeAll(async () => {
    const shim = { trainer: 'verl', url: rewards.url() } as const
    const args = ['naive', 'dapo']
    result = await runTrainer({ interpreter: 'TRAINERS_PYTHON', program: 'verl_reward.py', args, shim })
  }, 600_000)

  it.each(['naive', 'dapo'])(
    '%s has our rewards, and for an unscored sample the score that was chosen',
    async (name) => {
      expect(result.version).toBe('0.9.1')
      expect(result.managers[name]).toHaveLength(4)
      for (const { text, reward_score: score, reward_extra_info: extra, rewards_of_tokens } of result.managers[name]!) {
        const outcome = await digitsOf(text, '2')
        expect(score).toBe(outcome.kind === 'scored' ? outcome.reward : -1)
        expect(extra).toEqual({ score, unscored: outcome.kind === 'scored' ? 0 : 1 })
        // A training step has it at the last token of the response, in single precision.
        expect(rewards_of_tokens[text.length - 1]).toBe(Math.fround(score))
        expect(rewards_of_tokens.filter((one) => one !== 0)).toHaveLength(score === 0 ? 0 : 1)
      }
    },
  )
})

describe.skipIf(why !== '')(`verl's client of Sandbox Fusion${why}`, () => {
  const { withToken } = servedRewards('python')

  it('has programs run by our server, and judges what they print', async () => {
    const run = { interpreter: 'TRAINERS_PYTHON', program: 'verl_sandbox.py', args: [withToken('/run_code')] } as const
    expect(await runTrainer(run)).toEqual({
      'two of three sums': { score: 2 / 3, statuses: ['success', 'success', 'wrong_answer'] },
      'a function of values': { score: 1, statuses: ['success', 'success'] },
      'an error': { score: 0, statuses: ['runtime_error'] },
      'no syntax': { score: 0, statuses: ['runtime_error'] },
      'no end': { score: 0, statuses: ['timeout'] },
    })
  }, 600_000)
})
