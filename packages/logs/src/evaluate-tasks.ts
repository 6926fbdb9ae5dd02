import { invalidData, quoted, type Group, type Objective, type UnscoredPolicy } from '@posttrain/core'
import { evaluateGroup } from '@posttrain/sampling'
import { evaluateStopped } from './evaluate-stopped.js'
import type { EvaluateTasksOptions, LoggedEvaluation } from './logged-evaluation.js'
import { isBinary, PROXY, readsProxy, requireReadable } from './log-objectives.js'
import { nameOfOption, type OptionNames } from './option-names.js'
import type { CountedTask } from './logged-task.js'
import type { TaskLog } from './task-log.js'

/**
 * What each task of a log contributes: groups by the one evaluator, counts in closed form.
 *
 * @returns one task at a time, in the order of the log
 * @throws PosttrainError as `requireReadable`; `invalid-data` naming a task where an objective cannot be estimated
 */
export function* evaluateTasks(
  log: TaskLog,
  objectives: readonly Objective[],
  options: EvaluateTasksOptions,
): Generator<LoggedEvaluation, void> {
  const { unscored, leftOut, optionNames } = options
  for (const objective of objectives) requireReadable(objective, log)
  if (log.totals.stoppedAt !== undefined) return yield* evaluateStopped(log, objectives, options)
  // Most logs are fit as a whole: then no task need be looked at for it.
  const { binary, proxied, samples } = log.totals
  const ofVerdicts = binary ? undefined : objectives.find(isBinary)
  const ofProxies = proxied === samples ? undefined : objectives.find(readsProxy)
  for (const task of log.tasks(leftOut)) {
    if (task.kind === 'counts') {
      const values = objectives.map((objective) => valueOfCounts(task, objective))
      yield { taskId: task.id, values, samples: task.n, unscored: 0 }
    } else {
      if (ofVerdicts) requireVerdicts(task.group, ofVerdicts, optionNames)
      if (ofProxies) requireProxies(task.group, ofProxies, unscored)
      yield evaluateGroup(task.group, objectives, unscored)
    }
  }
}

/** n may be far more than could be listed as outcomes. */
function valueOfCounts({ id, n, c }: CountedTask, objective: Objective): number {
  if (objective.estimateCounts) return objective.estimateCounts(n, c)
  throw unfit(
    id,
    objective,
    'has only counts',
    'log a row per sample, or one with rewards; of counts only pass@K, pass^K and G-Pass@K can be had',
  )
}

function requireVerdicts({ task, outcomes }: Group, objective: Objective, optionNames?: OptionNames): void {
  for (const outcome of outcomes) {
    if (outcome.kind === 'unscored' || outcome.reward === 0 || outcome.reward === 1) continue
    throw unfit(
      task.id,
      objective,
      `has the reward ${outcome.reward}, which is neither 0 nor 1`,
      `say from which score on a sample is correct with ${nameOfOption('threshold', optionNames)}, or ask for the best reward ` +
        'of K samples with best-of-K',
    )
  }
}

function requireProxies({ task, outcomes }: Group, objective: Objective, unscored: UnscoredPolicy): void {
  for (const { kind, parts } of outcomes) {
    if (parts?.[PROXY] !== undefined || (kind === 'unscored' && unscored === 'exclude')) continue
    throw unfit(
      task.id,
      objective,
      'has samples without a proxy',
      'give every sample a proxy, or none, to choose by the reward itself',
    )
  }
}

const unfit = (id: string, { name }: Objective, why: string, hint: string): Error =>
  invalidData(`${name} cannot be estimated for task ${quoted(id)}: it ${why}`, hint)
