import { invalidArgument, invalidData, quoted, unsupported, type Objective } from '@posttrain/core'
import { familyOf } from '@posttrain/estimators'
import type { EvaluateTasksOptions, LoggedEvaluation } from './logged-evaluation.js'
import { nameOfOption } from './option-names.js'
import type { LoggedTask } from './logged-task.js'
import type { TaskLog } from './task-log.js'

/** Objectives that are pass@k of verdicts. */
const ARE_PASS_AT_K = ['pass@', 'max@', 'mean']

/**
 * What each task of a log contributes where drawing stopped at its first success: pass@k is whether the first k samples
 * hold a success, which no stop at one hides. The share of correct samples would be too high, since the last one was
 * drawn until it was correct. It is `passAtKAfterStopping`.
 *
 * @throws PosttrainError `unsupported` for another objective; `invalid-argument` where unscored samples are excluded
 */
export function* evaluateStopped(
  log: TaskLog,
  objectives: readonly Objective[],
  { unscored, leftOut, optionNames }: EvaluateTasksOptions,
): Generator<LoggedEvaluation, void> {
  const fixed = `say ${nameOfOption('stopping', optionNames)} fixed if the numbers of samples were fixed beforehand`
  for (const { name, k } of objectives) {
    if (ARE_PASS_AT_K.includes(familyOf(name) ?? '') || (k === 1 && familyOf(name) === 'pass^')) continue
    throw unsupported(
      `${name} cannot be estimated: drawing stopped at the first success of a task, and what it would have given after ` +
        'that is unknown',
      `ask for pass@K, or ${fixed}`,
    )
  }
  if (unscored === 'exclude' && log.totals.unscored > 0) {
    throw invalidArgument(
      'samples without a score cannot be left out where drawing stopped at the first success: they were tries as well',
      `let them count as failures, or ${fixed}`,
    )
  }
  for (const task of log.tasks(leftOut)) {
    const { id, first, samples, missing } = triesOf(task, fixed)
    const values = objectives.map(({ k }) => Number(first <= k))
    yield { taskId: id, values, samples, unscored: missing }
  }
}

function triesOf(task: LoggedTask, fixed: string): { id: string; first: number; samples: number; missing: number } {
  if (task.kind === 'counts') {
    const { id, n, c } = task
    if (c > 1) {
      throw invalidData(`task ${quoted(id)} has ${c} successes, but drawing stopped at the first`, fixed)
    }
    return { id, first: c === 1 ? n : Infinity, samples: n, missing: 0 }
  }
  const { outcomes } = task.group
  const at = outcomes.findIndex((outcome) => outcome.kind === 'scored' && outcome.reward === 1)
  const missing = outcomes.filter(({ kind }) => kind === 'unscored').length
  return { id: task.group.task.id, first: at < 0 ? Infinity : at + 1, samples: outcomes.length, missing }
}
