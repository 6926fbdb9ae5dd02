import { callCallerNow, described, invalidData, shown } from '@posttrain/core'
import type { Objective, ScoredOutcome, Task } from '@posttrain/core'

/**
 * What an objective estimates from the outcomes of a task, checked.
 *
 * @throws PosttrainError `invalid-data`, naming objective and task, for anything but a finite number and for what it
 *   throws; a PosttrainError of the objective as it is
 */
export function askEstimate(objective: Objective, task: Task, outcomes: readonly ScoredOutcome[]): number {
  const name = `the objective ${objective.name}`
  const where = `on task ${shown(task.id)}`
  const estimate: unknown = callCallerNow(name, where, () => objective.estimate(outcomes))
  if (typeof estimate === 'number' && Number.isFinite(estimate)) return estimate
  throw invalidData(`${name} estimated ${described(estimate)} ${where}`, 'an estimate is a finite number')
}
