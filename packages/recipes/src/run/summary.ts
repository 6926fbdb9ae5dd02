import { scoredOutcomes, type Estimate, type Outcome, type ScoredOutcome } from '@posttrain/core'
import {
  meanEstimate,
  pairedDifference,
  parseObjective,
  passAtK,
  type IntervalOptions,
  type PairedDifference,
} from '@posttrain/estimators'
import { parseAlgorithm } from '@posttrain/trainers'
import type { ContextCounts, Recipe } from '../recipe.js'
import type { RunConfig } from './config.js'
import type { SampleRecord } from './records.js'

/** What was measured of one system. */
export interface SystemSummary {
  readonly system: string
  /** By metric, for instance `pass@8`, and `entropy` in nats per token. */
  readonly estimates: Readonly<Record<string, Estimate>>
  /** pass@k for k = 1, 2, 4 … */
  readonly curve: readonly PassAtKPoint[]
}

/** One point of a pass@k curve. */
export type PassAtKPoint = Estimate & { readonly k: number }

/** How much better a system is than a baseline on the same tasks. */
export interface Comparison extends PairedDifference {
  readonly metric: string
  readonly system: string
  readonly baseline: string
}

/** What others reached on some of the tasks, and ours on the same. */
export interface ContextSummary {
  readonly systems: readonly SystemSummary[]
  readonly others: readonly { readonly name: string; readonly curve: readonly PassAtKPoint[] }[]
}

/** The result of a run: a pure function of its samples. */
export interface RunSummary {
  readonly systems: readonly SystemSummary[]
  readonly comparisons: readonly Comparison[]
  readonly context: ContextSummary | undefined
}

/** Verifiers score every sample; should one not be scored, it counts as wrong and is reported. */
const DENOMINATOR = 'count-as-failure'

interface TaskOutcomes {
  readonly taskId: string
  readonly outcomes: readonly ScoredOutcome[]
  readonly unscored: number
  readonly entropy: number
}

/** Summarises the samples of all systems, in the order given. */
export function summariseRun(
  recipe: Recipe,
  config: RunConfig,
  samples: ReadonlyMap<string, readonly SampleRecord[]>,
): RunSummary {
  const metrics = metricsOf(recipe, config)
  const bySystem = [...samples].map(([system, records]) => ({ system, tasks: outcomesByTask(records) }))
  const { context } = recipe
  const shared = context?.tasks.slice(0, config.evaluationTasks)
  return {
    systems: bySystem.map(({ system, tasks }) => summarise(system, tasks, metrics, config)),
    comparisons: bySystem.flatMap((baseline, i) =>
      bySystem.slice(i + 1).flatMap((system) => compare(baseline, system, metrics, config.seed)),
    ),
    context:
      context && shared && shared.length > 1
        ? {
            systems: bySystem.map(({ system, tasks }) => {
              const ids = new Set(shared)
              return summarise(
                system,
                tasks.filter(({ taskId }) => ids.has(taskId)),
                metrics,
                config,
              )
            }),
            others: context.counts.map((counts) => contextCurve(counts, shared.length, config)),
          }
        : undefined,
  }
}

/** Summarises the samples of one system. */
export const summariseSystem = (
  system: string,
  records: readonly SampleRecord[],
  metrics: readonly string[],
  settings: Pick<RunConfig, 'seed' | 'evaluationSamples'>,
): SystemSummary => summarise(system, outcomesByTask(records), metrics, settings)

/** The recipe's metrics, and those trained for, as far as the samples suffice. `mean` is pass@1 for rewards of 0 and 1. */
function metricsOf(recipe: Recipe, config: RunConfig): string[] {
  const objectives = config.algorithms.map((name) => parseAlgorithm(name, recipe).objective.name)
  const wanted = [...new Set([...recipe.metrics, ...objectives.filter((name) => name !== 'mean')])]
  const kinds = [...new Set(wanted.map(kindOf))]
  return wanted
    .filter((name) => parseObjective(name).k <= config.evaluationSamples)
    .sort((a, b) => kinds.indexOf(kindOf(a)) - kinds.indexOf(kindOf(b)) || parseObjective(a).k - parseObjective(b).k)
}

/** `pass` of `pass@8`. */
const kindOf = (metric: string): string => metric.split('@')[0]!

function outcomesByTask(records: readonly SampleRecord[]): TaskOutcomes[] {
  const groups = new Map<string, SampleRecord[]>()
  for (const record of records) groups.set(record.task_id, [...(groups.get(record.task_id) ?? []), record])
  return [...groups].map(([taskId, group]) => {
    const outcomes = group.map(({ reward, answer }): Outcome => {
      if (reward === null) return { kind: 'unscored', reason: 'no score' }
      return { kind: 'scored', reward, ...(answer === null ? {} : { answer }) }
    })
    const tokens = group.reduce((sum, record) => sum + record.tokens, 0)
    return {
      taskId,
      outcomes: scoredOutcomes(outcomes, DENOMINATOR),
      unscored: group.filter(({ reward }) => reward === null).length,
      entropy: -group.reduce((sum, record) => sum + record.logprob, 0) / tokens,
    }
  })
}

function estimate(
  name: string,
  tasks: readonly TaskOutcomes[],
  valueOf: (t: TaskOutcomes) => number,
  how: IntervalOptions,
): Estimate {
  const values = tasks.map((t) => ({ value: valueOf(t), samples: t.outcomes.length, unscored: t.unscored }))
  return meanEstimate(values, { name, denominator: DENOMINATOR, ...how })
}

function summarise(
  system: string,
  tasks: readonly TaskOutcomes[],
  metrics: readonly string[],
  { seed, evaluationSamples }: Pick<RunConfig, 'seed' | 'evaluationSamples'>,
): SystemSummary {
  const estimates = metrics.map((name) =>
    estimate(name, tasks, ({ outcomes }) => parseObjective(name).estimate(outcomes), { seed }),
  )
  const entropy = estimate('entropy', tasks, (t) => t.entropy, { method: 'student-t' })
  const curve = powersOfTwo(evaluationSamples).map((k) => {
    const objective = parseObjective(`pass@${k}`)
    return { k, ...estimate(objective.name, tasks, ({ outcomes }) => objective.estimate(outcomes), { seed }) }
  })
  return { system, estimates: Object.fromEntries([...estimates, entropy].map((e) => [e.name, e])), curve }
}

function compare(
  baseline: { system: string; tasks: readonly TaskOutcomes[] },
  system: { system: string; tasks: readonly TaskOutcomes[] },
  metrics: readonly string[],
  seed: number,
): Comparison[] {
  return metrics.map((metric) => {
    const valuesOf = ({ tasks }: typeof system): number[] =>
      tasks.map(({ outcomes }) => parseObjective(metric).estimate(outcomes))
    const difference = pairedDifference(valuesOf(baseline), valuesOf(system), { seed })
    return { metric, system: system.system, baseline: baseline.system, ...difference }
  })
}

function contextCurve(
  { name, n, correct }: ContextCounts,
  tasks: number,
  { seed, evaluationSamples }: RunConfig,
): ContextSummary['others'][number] {
  const counts = correct.slice(0, tasks)
  const curve = powersOfTwo(Math.min(n, evaluationSamples)).map((k) => {
    const values = counts.map((c) => ({ value: passAtK(n, c, k), samples: n }))
    return { k, ...meanEstimate(values, { name: `pass@${k}`, denominator: DENOMINATOR, seed }) }
  })
  return { name, curve }
}

function powersOfTwo(max: number): number[] {
  const powers: number[] = []
  for (let k = 1; k <= max; k *= 2) powers.push(k)
  return powers
}
