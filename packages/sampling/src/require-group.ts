import { described, invalidData, requireTask, shown, type Group } from '@posttrain/core'
import { fieldsOf } from './checks/problem-of.js'
import { problemOfOutcome } from './checks/problem-of-outcome.js'
import { problemOfSample } from './checks/problem-of-sample.js'

/**
 * Requires a group as the judge makes it, for groups that come from elsewhere: a queue, a file, an earlier run.
 *
 * @throws PosttrainError `invalid-argument` for something else than a task; `invalid-data` for anything but samples of
 *   that task with one outcome each, naming the sample
 * @example
 * ```ts
 * requireGroup({ task: { id: 'a', prompt: '?' }, samples: [], outcomes: [] }) // => undefined
 * ```
 */
export function requireGroup(group: Group): void {
  const given: unknown = group
  if (!fieldsOf(given)) throw invalidData(`a group is ${described(given)}`, 'a group is { task, samples, outcomes }')
  const { task, samples, outcomes } = group
  const { id } = requireTask(task)
  const [ofSamples, ofOutcomes]: readonly unknown[] = [samples, outcomes]
  if (!Array.isArray(ofSamples) || !Array.isArray(ofOutcomes) || ofSamples.length !== ofOutcomes.length) {
    throw invalidData(`the group of task ${shown(id)} does not have one outcome per sample`)
  }
  for (let i = 0; i < samples.length; i++) {
    const problem =
      problemOfSample(samples[i]) ??
      (samples[i]!.taskId === id ? undefined : `it is of task ${shown(samples[i]!.taskId)}`) ??
      problemOfOutcome(outcomes[i])
    if (problem !== undefined) throw invalidData(`sample ${i} of the group of task ${shown(id)} is wrong: ${problem}`)
  }
}
