import { PosttrainError, type DenominatorPolicy } from '@posttrain/core'
import type { LoggedTask, TaskLog } from './task-log.js'

/** A task under a denominator policy: n samples enter, every one of them with a score. */
export type ScoredTask = LoggedTask & { readonly n: number; readonly unscored: number }

/**
 * The tasks of a log under a denominator policy. A failure has reward 0 and no answer.
 *
 * @throws PosttrainError `unscored` under `throw`, naming the first unscored sample's line
 */
export function* scoredTasks(log: TaskLog, policy: DenominatorPolicy): Generator<ScoredTask, void> {
  if (policy === 'throw' && log.unscored > 0) {
    throw new PosttrainError(
      'unscored',
      `${log.firstUnscored}: a sample has no score (${log.unscored} of ${log.samples} have none)`,
      'score them, or choose --unscored count-as-failure or exclude',
    )
  }
  for (const task of log.tasks()) {
    if (task.shape === 'counts') yield { ...task, unscored: 0 }
    else yield policy === 'exclude' ? withoutUnscored(task) : withFailures(task)
  }
}

type Samples = Extract<LoggedTask, { readonly shape: 'samples' }>

function withFailures(task: Samples): ScoredTask {
  const { rewards, answers } = task
  let unscored = 0
  rewards.forEach((reward, i) => {
    if (!Number.isNaN(reward)) return
    unscored++
    rewards[i] = 0
    answers[i] = -1
  })
  return { ...task, n: rewards.length, unscored }
}

function withoutUnscored(task: Samples): ScoredTask {
  const scored = (_: number, i: number): boolean => !Number.isNaN(task.rewards[i]!)
  const [answers, proxies] = [task.answers.filter(scored), task.proxies.filter(scored)]
  const rewards = task.rewards.filter(scored)
  return { ...task, rewards, answers, proxies, n: rewards.length, unscored: task.rewards.length - rewards.length }
}

/** How many samples of each task enter. */
export function* sampleCounts(
  log: TaskLog,
  policy: DenominatorPolicy,
): Generator<readonly [id: string, n: number], void> {
  for (const { id, n } of scoredTasks(log, policy)) yield [id, n]
}
