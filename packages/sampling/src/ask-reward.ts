import { callCaller, described, invalidData, shown, throwIfAborted } from '@posttrain/core'
import type { CallOptions, Outcome, RewardFunction, Sample, Task } from '@posttrain/core'
import { problemOfOutcome } from './checks/problem-of-outcome.js'

/**
 * One outcome per sample, checked. Failed samples are unscored and the reward is not asked of them.
 *
 * @throws PosttrainError `invalid-data` for anything but one outcome per sample; what the reward throws, with the
 *   reward and the task named; `aborted` at the signal, even where the reward hangs
 */
export async function askReward(
  reward: RewardFunction,
  task: Task,
  samples: readonly Sample[],
  { signal }: CallOptions,
): Promise<readonly Outcome[]> {
  throwIfAborted(signal)
  const asked = samples.filter(({ finish }) => finish !== 'failed')
  const name = `the reward ${reward.name}`
  const given: unknown =
    asked.length === 0
      ? []
      : await callCaller(name, `on task ${shown(task.id)}`, () => reward.score(task, asked, { signal }), { signal })
  if (!Array.isArray(given) || given.length !== asked.length) {
    const found = Array.isArray(given) ? `${given.length} outcomes` : described(given)
    throw invalidData(
      `${name} gave ${found} for ${asked.length} samples of task ${shown(task.id)}`,
      'a reward gives one outcome per sample, in their order',
    )
  }
  let next = 0
  return samples.map((sample): Outcome => {
    if (sample.finish === 'failed') return { kind: 'unscored', reason: sample.failure ?? 'the sample failed' }
    const outcome: unknown = given[next++]
    const wrong = problemOfOutcome(outcome)
    if (wrong === undefined) return outcome as Outcome
    throw invalidData(
      `${name} gave sample ${sample.index} of task ${shown(task.id)} ${wrong}`,
      "an outcome is { kind: 'scored', reward } with a finite reward, or { kind: 'unscored', reason }",
    )
  })
}
