import { describe, expect, it } from 'vitest'
import { digitsOf } from './digits-of.js'
import { missing, runTrainer, servedRewards, type TrainerRun } from './run-trainer.js'

interface Rollout {
  readonly text: string
  readonly reward: number
  readonly error: string | null
  readonly metrics: Readonly<Record<string, number>>
}

/** What became of four rollouts: each has our reward of its text or, where it is unscored, an error. */
async function checked(run: Pick<TrainerRun, 'interpreter' | 'program'>, url: string): Promise<Rollout[]> {
  const shim = { trainer: 'verifiers', url } as const
  const { rollouts } = await runTrainer<{ rollouts: Rollout[] }>({ ...run, shim })
  expect(rollouts.map(({ text }) => text).sort()).toEqual(['1 and 2', '1 or 7', '3.14', 'none'])
  for (const { text, reward, error } of rollouts) {
    const outcome = await digitsOf(text, '2')
    expect(reward).toBe(outcome.kind === 'scored' ? outcome.reward : 0)
    if (outcome.kind === 'scored') expect(error).toBe(null)
    else expect(error).toContain('unscored: has a 7')
  }
  return rollouts
}

const noTask = missing('VERIFIERS_PYTHON', 'verifiers')
describe.skipIf(noTask !== '')(`verifiers 0.4${noTask}`, () => {
  const rewards = servedRewards('./digits-reward.mjs')

  it('has our reward as one of a task', async () => {
    await checked({ interpreter: 'VERIFIERS_PYTHON', program: 'verifiers_task.py' }, rewards.url())
  }, 600_000)
})

const noRubric = missing('TRAINERS_PYTHON', 'verifiers')
describe.skipIf(noRubric !== '')(`verifiers 0.1${noRubric}`, () => {
  const rewards = servedRewards('./digits-reward.mjs')

  it('has our reward as a rubric, with its parts', async () => {
    const run = { interpreter: 'TRAINERS_PYTHON', program: 'verifiers_rubric.py' } as const
    const rollouts = await checked(run, rewards.url())
    const metrics = (text: string) => rollouts.find((rollout) => rollout.text === text)!.metrics
    expect(metrics('1 and 2')).toMatchObject({ digits: 2 / 7, reference: 1, unscored: 0 })
    expect(metrics('1 or 7')).toMatchObject({ posttrain: 0, unscored: 1 })
  }, 600_000)
})
