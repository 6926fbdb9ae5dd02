import { invalidData, type DenominatorPolicy, type ScoredOutcome } from '@posttrain/core'
import { bestOfN, majorityAtK, passAtK, passHatK, type TaskValue, type VoteRules } from '@posttrain/estimators'
import { nameOf, type Metric } from './metric.js'
import { scoredTasks, type ScoredTask } from './scored-task.js'
import type { TaskLog } from './task-log.js'

/** How samples count. */
export interface CountingRules extends VoteRules {
  readonly denominator: DenominatorPolicy
}

/**
 * What each task contributes to a metric, by task id.
 *
 * @param leftOut ids of tasks to leave out
 * @throws PosttrainError naming the task that the metric cannot be had of
 */
export function* taskValues(
  log: TaskLog,
  metric: Metric,
  rules: CountingRules,
  leftOut: ReadonlySet<string>,
): Generator<readonly [id: string, value: TaskValue], void> {
  if (metric.kind === 'maj@' && log.answered === 0) {
    throw invalidData(
      `${nameOf(metric)} needs answers, but no sample has one`,
      'give rows an answer, or rows of a whole task answers',
    )
  }
  for (const task of scoredTasks(log, rules.denominator)) {
    if (leftOut.has(task.id)) continue
    const value = valueOf(task, metric, rules, log.proxied > 0)
    yield [task.id, { value, samples: task.n, unscored: task.unscored }]
  }
}

function valueOf(task: ScoredTask, metric: Metric, rules: CountingRules, byProxy: boolean): number {
  const { kind, k } = metric
  if (kind === 'pass@') return passAtK(task.n, correctOf(task, metric), k)
  if (kind === 'pass^') return passHatK(task.n, correctOf(task, metric), k)
  if (task.shape === 'counts') {
    throw unfit(
      task,
      metric,
      'has only counts',
      'log a row per sample, or one with rewards; of counts only --k can be had',
    )
  }
  if (kind === 'maj@') return majorityAtK(outcomesOf(task), k, rules)
  if (byProxy && task.proxies.some(Number.isNaN)) {
    throw unfit(
      task,
      metric,
      'has samples without a proxy',
      'give every sample a proxy, or none, to choose by the reward itself',
    )
  }
  return bestOfN({ proxy: byProxy ? task.proxies : task.rewards, gold: task.rewards }, k)
}

function correctOf(task: ScoredTask, metric: Metric): number {
  if (task.shape === 'counts') return task.c
  let c = 0
  for (const reward of task.rewards) {
    if (reward === 1) c++
    else if (reward !== 0) {
      const hint = 'decide what counts as correct, or ask for the best reward of K samples with --best-of K'
      throw unfit(task, metric, `has the reward ${reward}, which is neither 0 nor 1`, hint)
    }
  }
  return c
}

const outcomesOf = ({ rewards, answers }: Extract<ScoredTask, { readonly shape: 'samples' }>): ScoredOutcome[] =>
  Array.from(rewards, (reward, i) =>
    answers[i] === -1 ? { kind: 'scored', reward } : { kind: 'scored', reward, answer: String(answers[i]) },
  )

const unfit = ({ id }: ScoredTask, metric: Metric, why: string, hint: string): Error =>
  invalidData(`${nameOf(metric)} cannot be had of task ${JSON.stringify(id)}: it ${why}`, hint)
