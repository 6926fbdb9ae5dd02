import { abortable, invalidData, PosttrainError, throwIfAborted } from '@posttrain/core'
import type { CallOptions, Outcome, RewardFunction, Sample, Task } from '@posttrain/core'

/**
 * One outcome per sample, checked. Failed samples are unscored and the reward is not asked of them.
 *
 * @throws PosttrainError `invalid-data` for anything but one outcome per sample; what the reward throws, with the
 *   reward and the task named; `aborted` at the signal
 */
export async function askReward(
  reward: RewardFunction,
  task: Task,
  samples: readonly Sample[],
  { signal }: CallOptions,
): Promise<readonly Outcome[]> {
  throwIfAborted(signal)
  const asked = samples.filter(({ finish }) => finish !== 'failed')
  const given = asked.length === 0 ? [] : await score(reward, task, asked, { signal })
  if (!Array.isArray(given) || given.length !== asked.length) {
    const found = Array.isArray(given) ? `${given.length} outcomes` : typeof given
    throw invalidData(
      `the reward ${reward.name} gave ${found} for ${asked.length} samples of task ${task.id}`,
      'a reward gives one outcome per sample, in their order',
    )
  }
  let next = 0
  return samples.map((sample): Outcome => {
    if (sample.finish === 'failed') return { kind: 'unscored', reason: sample.failure ?? 'the sample failed' }
    const outcome: unknown = given[next++]
    const wrong = problemOf(outcome)
    if (wrong === undefined) return outcome as Outcome
    throw invalidData(
      `the reward ${reward.name} gave sample ${sample.index} of task ${task.id} ${wrong}`,
      "an outcome is { kind: 'scored', reward } with a finite reward, or { kind: 'unscored', reason }",
    )
  })
}

async function score(
  reward: RewardFunction,
  task: Task,
  samples: readonly Sample[],
  { signal }: CallOptions,
): Promise<readonly Outcome[]> {
  try {
    return await abortable(reward.score(task, samples, { signal }), signal)
  } catch (error) {
    if (error instanceof PosttrainError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw invalidData(`the reward ${reward.name} failed on task ${task.id}: ${reason}`, undefined, error)
  }
}

/** What is wrong with an outcome; undefined if nothing is. */
function problemOf(outcome: unknown): string | undefined {
  if (typeof outcome !== 'object' || outcome === null) return `${String(outcome)} as its outcome`
  const { kind, reward, reason, answer } = outcome as Partial<Record<'kind' | 'reward' | 'reason' | 'answer', unknown>>
  if (answer !== undefined && typeof answer !== 'string') return `an answer that is no text (${JSON.stringify(answer)})`
  if (kind === 'scored') return Number.isFinite(reward) ? undefined : `the reward ${String(reward)}`
  if (kind === 'unscored')
    return typeof reason === 'string' && reason !== '' ? undefined : 'no reason for being unscored'
  return `an outcome of kind ${JSON.stringify(kind)}`
}
