import { describe, expect, it } from 'vitest'
import { digitsOf } from './digits-of.js'
import { missing, runTrainer, servedRewards } from './run-trainer.js'

interface Rollout {
  readonly text: string
  readonly reward: readonly number[]
  readonly scores: readonly number[]
  /** As tensors of an experience have them. */
  readonly rewards: readonly (readonly number[])[]
  readonly info: Readonly<Record<string, readonly number[]>>
}

const why = missing('TRAINERS_PYTHON', 'openrlhf')
describe.skipIf(why !== '')(`OpenRLHF's agent${why}`, () => {
  const { withToken } = servedRewards('./digits-reward.mjs')

  it('gets our rewards of what was said after the prompt, and 0 with a mark where there is none', async () => {
    const { version, rollouts } = await runTrainer<{ version: string; rollouts: Rollout[] }>({
      interpreter: 'TRAINERS_PYTHON',
      program: 'openrlhf_reward.py',
      args: [withToken('/get_reward')],
    })
    expect(version).toBe('0.11.2')
    expect(rollouts).toHaveLength(4)
    for (const { text, reward, scores, rewards, info } of rollouts) {
      const outcome = await digitsOf(text, '2')
      const expected = outcome.kind === 'scored' ? outcome.reward : 0
      expect(reward).toEqual([expected])
      expect(scores).toEqual([expected])
      expect(rewards).toEqual([[Math.fround(expected)]])
      expect(info).toMatchObject({ reward: [Math.fround(expected)], unscored: [outcome.kind === 'scored' ? 0 : 1] })
    }
  }, 600_000)
})
