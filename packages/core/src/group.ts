import { invalidData, PosttrainError } from './errors.js'
import type { Outcome, ScoredOutcome } from './outcome.js'
import type { Sample } from './sample.js'
import type { Task } from './task.js'

/**
 * The noun in the middle of the library: a task, its samples, and what they were worth.
 *
 * Evaluation, training, distillation and logs all speak of groups. `@posttrain/sampling` has the one collector that
 * draws them, the one judge, and the one stream of groups as they complete.
 */
export interface Group<O extends Outcome = Outcome> {
  readonly task: Task
  readonly samples: readonly Sample[]
  /** One per sample, in their order. */
  readonly outcomes: readonly O[]
}

/** What an aggregate does with unscored samples: count them as reward 0, leave them out, or refuse. */
export type UnscoredPolicy = 'count-as-failure' | 'exclude' | 'throw'

/**
 * A group whose samples all have a score, under a stated policy. The one rule for every aggregate.
 *
 * `count-as-failure` gives reward 0 and keeps answer and parts: an unscored sample still votes and can still be chosen,
 * as it would be when deployed. `exclude` shortens the group, which is exact only if being unscored ignores content.
 *
 * @throws PosttrainError `unscored` under `throw`, quoting the first reason; `invalid-data` for a group without one
 *   outcome per sample
 * @example
 * ```ts
 * const sample = { id: 'a', taskId: 'a', seed: 0, index: 0, text: '4', finish: 'stop' as const, usage: NO_USAGE }
 * const outcomes = [{ kind: 'unscored' as const, reason: 'timeout', answer: '4' }]
 * const group = { task: { id: 'a', prompt: '2+2=' }, samples: [sample], outcomes }
 * scoredGroup(group, 'count-as-failure').outcomes // => [{ answer: '4', kind: 'scored', reward: 0 }]
 * ```
 */
export function scoredGroup(group: Group, policy: UnscoredPolicy): Group<ScoredOutcome> {
  requireOutcomePerSample(group)
  const samples: Sample[] = []
  const outcomes: ScoredOutcome[] = []
  group.outcomes.forEach((outcome, i) => {
    const sample = group.samples[i]!
    if (outcome.kind === 'scored') {
      samples.push(sample)
      outcomes.push(outcome)
    } else if (policy === 'count-as-failure') {
      const { kind: _, reason: __, ...judgement } = outcome
      samples.push(sample)
      outcomes.push({ ...judgement, kind: 'scored', reward: 0 })
    } else if (policy === 'throw') {
      throw new PosttrainError(
        'unscored',
        `sample ${sample.index} of task ${nameOf(sample)} was not scored: ${outcome.reason}`,
        "repair the reward function, or choose unscored: 'count-as-failure' or 'exclude'",
      )
    }
  })
  return { task: group.task, samples, outcomes }
}

/** The task, and the request where it is another than the task's own. */
const nameOf = ({ taskId, id }: Sample): string => (id === taskId ? taskId : `${taskId} (drawn as ${id})`)

/** A group without the samples that failed: no completion was had of them, so that they say nothing of the policy. */
export function withoutFailed<O extends Outcome>(group: Group<O>): Group<O> {
  if (!group.samples.some(isFailed)) return group
  const kept = (_: unknown, i: number): boolean => !isFailed(group.samples[i]!)
  return { task: group.task, samples: group.samples.filter(kept), outcomes: group.outcomes.filter(kept) }
}

const isFailed = ({ finish }: Sample): boolean => finish === 'failed'

/** Samples of a group that failed, and others that have no score. */
export function missingOf({ samples, outcomes }: Group): { readonly failed: number; readonly unscored: number } {
  const failed = samples.filter(isFailed).length
  return { failed, unscored: outcomes.filter(({ kind }) => kind === 'unscored').length - failed }
}

function requireOutcomePerSample({ task, samples, outcomes }: Group): void {
  if (outcomes.length === samples.length) return
  throw invalidData(`task ${task.id} has ${samples.length} samples, but ${outcomes.length} outcomes`)
}
