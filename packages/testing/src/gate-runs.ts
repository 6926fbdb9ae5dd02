import { invalidData, mean, NO_USAGE, PosttrainError, scoredGroup } from '@posttrain/core'
import type { Group, Interval, Outcome, UnscoredPolicy } from '@posttrain/core'
import { meanInterval } from '@posttrain/estimators'
import type { Gate } from './gate-options.js'
import type { GateReport, MetricCheck, TaskRuns } from './gate-report.js'
import { metricInterval, type PassMetric } from './pass-metric.js'
import { reportText } from './report-text.js'

/**
 * Holds runs against a gate. The runs of one task are independent draws of one rate, whose interval is exact; with more
 * tasks the interval is over tasks.
 *
 * @throws PosttrainError `unscored` under `throw`, or where a task has fewer scored runs than a metric needs
 */
export function gateRuns(tasks: readonly TaskRuns[], gate: Gate): GateReport {
  const counts = tasks.map((task) => countsOf(task, gate.unscored))
  const checks = gate.bounds.map(({ metric, atLeast }): MetricCheck => {
    const values = counts.map(({ id, n, c }) => valueOf(metric, id, n, c))
    const interval = intervalOf(metric, counts, values, gate.level)
    return { metric: metric.name, atLeast, passed: interval.lower >= atLeast, value: mean(values), interval }
  })
  const text = reportText(checks, tasks, gate.unscored)
  return { passed: checks.every(({ passed }) => passed), text, checks, tasks }
}

interface Counts {
  readonly id: string
  readonly n: number
  readonly c: number
}

/** How many runs of a task count, and how many of them passed. */
function countsOf(task: TaskRuns, unscored: UnscoredPolicy): Counts {
  const { outcomes } = scoredGroup(groupOf(task), unscored)
  return { id: task.id, n: outcomes.length, c: outcomes.filter(({ reward }) => reward === 1).length }
}

function groupOf({ id, runs }: TaskRuns): Group {
  const samples = runs.map((_, index) => {
    return { id, taskId: id, index, seed: 0, text: '', finish: 'stop' as const, usage: NO_USAGE }
  })
  const outcomes = runs.map((run): Outcome => {
    if (run.kind === 'unscored') return { kind: 'unscored', reason: run.reason }
    return { kind: 'scored', reward: run.kind === 'passed' ? 1 : 0 }
  })
  return { task: { id, prompt: '' }, samples, outcomes }
}

function valueOf({ name, k, estimate }: PassMetric, id: string, n: number, c: number): number {
  if (n >= k) return estimate(n, c)
  throw new PosttrainError('unscored', `${name} needs ${k} scored runs, but ${id} has ${n}`)
}

function intervalOf(metric: PassMetric, counts: readonly Counts[], values: readonly number[], level: number): Interval {
  const [only] = counts
  if (only === undefined) throw invalidData('no task has a run')
  return counts.length === 1 ? metricInterval(metric, only.c, only.n, level) : meanInterval(values, { level })
}
