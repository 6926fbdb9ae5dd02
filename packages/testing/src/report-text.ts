import { stripVTControlCharacters } from 'node:util'
import { shown } from '@posttrain/core'
import type { UnscoredPolicy } from '@posttrain/core'
import type { MetricCheck, TaskRuns } from './gate-report.js'

/** Kinds of failures that are shown, the most frequent first. */
const SHOWN = 5

/** What a gate found, in words. */
export function reportText(checks: readonly MetricCheck[], tasks: readonly TaskRuns[], policy: UnscoredPolicy): string {
  const lines = checks.map(describeCheck)
  return [...lines, describeCounts(tasks, policy), ...describeFailures(tasks)].join('\n')
}

function describeCheck({ metric, atLeast, passed, value, interval }: MetricCheck): string {
  const { lower, upper, level, method } = interval
  const found = `${rounded(value)} [${rounded(lower)}, ${rounded(upper)}] at level ${level} (${method})`
  return `${metric} is ${passed ? '' : 'not '}shown to be at least ${atLeast}: ${found}`
}

function describeCounts(tasks: readonly TaskRuns[], policy: UnscoredPolicy): string {
  const runs = tasks.flatMap((task) => task.runs)
  const count = (kind: string): number => runs.filter((run) => run.kind === kind).length
  const unscored = count('unscored')
  const fate = policy === 'exclude' ? 'left out' : 'counted as failures'
  return [
    `${count('passed')} of ${runs.length} runs${tasks.length === 1 ? '' : ` of ${tasks.length} tasks`} passed`,
    `${count('failed')} failed`,
    ...(unscored === 0 ? [] : [`${unscored} ended otherwise and are ${fate}`]),
  ].join(', ')
}

/** A line for each kind of failure: how many runs, why, and the first of them. */
function describeFailures(tasks: readonly TaskRuns[]): string[] {
  const kinds = new Map<string, { count: number; readonly first: string }>()
  for (const { id, runs } of tasks) {
    for (const [index, run] of runs.entries()) {
      if (run.kind === 'passed') continue
      const reason = `${run.kind}: ${shown(stripVTControlCharacters(run.reason), 300)}`
      const first = `${tasks.length === 1 ? '' : `${shown(id)}, `}run ${index}`
      const known = kinds.get(reason)
      if (known) known.count++
      else kinds.set(reason, { count: 1, first })
    }
  }
  const sorted = [...kinds].sort(([, a], [, b]) => b.count - a.count)
  const lines = sorted.slice(0, SHOWN).map(([reason, { count, first }]) => `  ${count} × ${reason} (first: ${first})`)
  const others = sorted.slice(SHOWN).reduce((sum, [, { count }]) => sum + count, 0)
  return others === 0 ? lines : [...lines, `  ${others} × for ${sorted.length - SHOWN} other reasons`]
}

const rounded = (value: number): number => Number(value.toPrecision(4))
