import { shown, type Outcome } from '@posttrain/core'
import type { LoggedTask, TaskLog } from '@posttrain/logs'
import { uniqueNames } from '@posttrain/report'
import type { JUnitCase } from './junit-xml.js'

/** Characters of a name: every case repeats that of its suite. */
export const NAME = 200

/**
 * A case for each task with how many of its samples are right, and none that fails; for the first so many. Of cases
 * with one name GitLab shows the first: names differ where ids do.
 */
export function taskCases(log: TaskLog, most: number): readonly JUnitCase[] {
  const cases: JUnitCase[] = []
  const named = uniqueNames()
  for (const task of log.tasks()) {
    if (cases.length === most) break
    cases.push(taskCase(task, log, named))
  }
  return cases
}

function taskCase(task: LoggedTask, log: TaskLog, named: (name: string) => string): JUnitCase {
  const id = task.kind === 'counts' ? task.id : task.group.task.id
  const name = named(shown(id, NAME))
  if (!log.has(id)) return { name, skipped: 'the log has no row of this task' }
  if (task.kind === 'counts') return { name, output: `${task.c} of ${task.n} samples are right` }
  const { outcomes } = task.group
  const rewards = outcomes.flatMap((outcome) => (outcome.kind === 'scored' ? [outcome.reward] : []))
  if (rewards.length === 0) return { name, skipped: `none of ${outcomes.length} samples has a score` }
  return { name, output: log.totals.binary ? describeVerdicts(rewards, outcomes) : describeScores(rewards, outcomes) }
}

const describeVerdicts = (rewards: readonly number[], outcomes: readonly Outcome[]): string =>
  `${rewards.filter((reward) => reward === 1).length} of ${outcomes.length} samples are right${without(rewards, outcomes)}`

function describeScores(rewards: readonly number[], outcomes: readonly Outcome[]): string {
  const mean = rewards.reduce((sum, reward) => sum + reward / rewards.length, 0)
  return `mean score ${Number(mean.toPrecision(4))} of ${rewards.length} samples${without(rewards, outcomes)}`
}

/** What is said of samples without a score. */
function without({ length: scored }: readonly number[], { length: all }: readonly Outcome[]): string {
  return scored === all ? '' : `; ${all - scored} of ${all} have no score`
}
