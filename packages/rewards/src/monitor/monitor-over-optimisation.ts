import { invalidData, mean, requireFinite, shown, type Estimate, type Group } from '@posttrain/core'
import { bestOfN, curveSizes, maxAtK, meanEstimate, overOptimisationOfTasks } from '@posttrain/estimators'
import type { FittedOverOptimisation, OverOptimisationForm } from '@posttrain/estimators'
import { overOptimisation, type OverOptimisationVerdict } from './over-optimisation.js'
import { scoredBy, type ScoredSamples } from './scored-by.js'

/** An evaluation along a run: the same tasks every time. */
export interface RunEvaluation {
  readonly step: number
  /** KL from the initial policy in nats, as measured: 0 for the initial policy itself, which comes first. */
  readonly kl: number
  readonly groups: readonly Group[]
}

/** Which two scores are compared. `reward` is the reward of an outcome, any other name a part. */
export interface OverOptimisationScores {
  /** What is chosen by, or trained for. */
  readonly proxy: string
  /** What is wanted. */
  readonly gold: string
  /** Coverage of the intervals (default 0.95). */
  readonly level?: number | undefined
  /** As in `overOptimisation`: evaluations averaged before they are compared (default 3 for a run, 1 for best-of-n). */
  readonly patience?: number | undefined
  /** As in `overOptimisation` (default 0.05). */
  readonly falseStopRate?: number | undefined
}

/** Where proxy and gold are seen: along best-of-n of one set of groups, or along a run. */
export type OverOptimisationEvidence = OverOptimisationScores &
  ({ readonly groups: readonly Group[] } | { readonly evaluations: readonly RunEvaluation[] })

/** Proxy and gold at one strength of optimisation. */
export interface MonitoredPoint {
  /** n of best-of-n, or the step of the run. */
  readonly at: number
  /** In nats: of best-of-n log n − (n − 1)/n, which is a bound where samples tie. */
  readonly kl: number
  readonly proxy: Estimate
  readonly gold: Estimate
}

/** What is seen of over-optimisation. */
export interface OverOptimisationMonitor {
  readonly form: OverOptimisationForm
  readonly points: readonly MonitoredPoint[]
  /** Of the gold gained over the first point. Absent for fewer than three different KL above 0. */
  readonly law: FittedOverOptimisation | undefined
  /** Whether to stop; `bestStep` is an n where the evidence is best-of-n. */
  readonly verdict: OverOptimisationVerdict
}

/** Two coefficients pass through any two points. */
const FEWEST_POINTS = 3

/**
 * Proxy reward against gold: along best-of-n for n = 1, 2, 4 … from one group of samples per task, or along a run. With
 * the law of over-optimisation fitted, its peak, and whether to stop.
 *
 * Best-of-n is estimated without bias from all samples of a task (`bestOfN`), so that one set of groups shows what
 * stronger and stronger choice by the proxy gives. Samples that lack either score are left out and counted, which is
 * exact only if being unscored ignores content. The stop rule is that of `overOptimisation`, over n or over steps.
 *
 * Gao et al. 2022, https://arxiv.org/abs/2210.10760
 *
 * @throws PosttrainError `invalid-data` for a part that is missing, a task without samples that have both scores, or
 *   evaluations of different tasks; `invalid-argument` for fewer than ten tasks
 * @example
 * ```ts
 * const sample = { id: 'a', taskId: 'a', seed: 0, index: 0, text: '', finish: 'stop', usage: NO_USAGE } as const
 * const groups = Array.from({ length: 10 }, (_, t) => ({
 *   task: { id: `${t}`, prompt: '' },
 *   samples: [0, 1, 2, 3].map((index) => ({ ...sample, index })),
 *   outcomes: [0, 1, 2, -1].map((reward, i) => ({ kind: 'scored', reward, parts: { model: i } }) as const),
 * }))
 * const { points } = monitorOverOptimisation({ groups, proxy: 'model', gold: 'reward' })
 * points.map(({ at, gold }) => [at, gold.value]) // => [[1, 0.5], [2, 0.3333], [4, -1]]
 * ```
 */
export function monitorOverOptimisation(evidence: OverOptimisationEvidence): OverOptimisationMonitor {
  const { proxy, gold, level = 0.95, falseStopRate } = evidence
  const isRun = 'evaluations' in evidence
  const { patience = isRun ? 3 : 1 } = evidence
  const read = (group: Group): ScoredSamples => requireScored(scoredBy(group, [proxy, gold]), proxy, gold)
  const values = isRun ? alongRun(evidence.evaluations, read) : alongBestOfN(evidence.groups.map(read))
  const form = isRun ? 'rl' : 'best-of-n'
  const evaluations = values.map((point) => ({ ...point, step: point.at }))
  return {
    form,
    verdict: overOptimisation(evaluations, { patience, falseStopRate }),
    points: values.map(({ at, kl, tasks, ...scores }) => ({
      at,
      kl,
      proxy: estimateOf(proxy, scores.proxy, tasks, level),
      gold: estimateOf(gold, scores.gold, tasks, level),
    })),
    law: lawOf(form, values, level),
  }
}

/** Both scores of each task at one strength of optimisation. */
interface PointValues {
  readonly at: number
  readonly kl: number
  readonly tasks: readonly ScoredSamples[]
  /** (tasks). */
  readonly proxy: readonly number[]
  readonly gold: readonly number[]
}

function alongBestOfN(tasks: readonly ScoredSamples[]): readonly PointValues[] {
  const fewest = Math.min(...tasks.map(({ samples }) => samples.length))
  const both = tasks.map(({ scores: [proxy, gold] }) => ({ proxy: proxy!, gold: gold! }))
  return curveSizes(Number.isFinite(fewest) ? fewest : 1).map((n) => ({
    at: n,
    kl: Math.log(n) - (n - 1) / n,
    tasks,
    proxy: both.map(({ proxy }) => maxAtK(proxy, n)),
    gold: both.map((scores) => bestOfN(scores, n)),
  }))
}

function alongRun(
  evaluations: readonly RunEvaluation[],
  read: (group: Group) => ScoredSamples,
): readonly PointValues[] {
  const ids = evaluations[0]?.groups.map(({ task }) => task.id) ?? []
  return evaluations.map(({ step, kl, groups }, i) => {
    requireFinite(`the KL at step ${step}`, kl, i === 0 ? { min: 0, max: 0 } : { min: 0 })
    const byId = new Map(groups.map((group) => [group.task.id, group]))
    const isSame = groups.length === ids.length && byId.size === ids.length && ids.every((id) => byId.has(id))
    if (!isSame) {
      const missing = ids.find((id) => !byId.has(id))
      throw invalidData(
        `the evaluation at step ${step} is not of the ${ids.length} tasks of the first` +
          (missing === undefined ? '' : `: task ${shown(missing)} is missing`),
        'evaluate the same tasks every time, each in one group',
      )
    }
    const tasks = ids.map((id) => read(byId.get(id)!))
    const meansOf = (column: number): readonly number[] => tasks.map(({ scores }) => mean(scores[column]!))
    return { at: step, kl, tasks, proxy: meansOf(0), gold: meansOf(1) }
  })
}

function requireScored(task: ScoredSamples, proxy: string, gold: string): ScoredSamples {
  if (task.samples.length > 0) return task
  throw invalidData(`no sample of task ${shown(task.task.id)} has both scores, ${shown(proxy)} and ${shown(gold)}`)
}

function estimateOf(name: string, values: readonly number[], tasks: readonly ScoredSamples[], level: number): Estimate {
  const counted = values.map((value, t) => ({
    value,
    samples: tasks[t]!.samples.length,
    unscored: tasks[t]!.unscored,
  }))
  return meanEstimate(counted, { name, level, unscored: 'exclude' })
}

function lawOf(
  form: OverOptimisationForm,
  values: readonly PointValues[],
  level: number,
): FittedOverOptimisation | undefined {
  const kls = values.map(({ kl }) => kl)
  if (new Set(kls.filter((kl) => kl > 0)).size < FEWEST_POINTS) return undefined
  const first = values[0]!.gold
  const gains = first.map((initial, t) => values.map(({ gold }) => gold[t]! - initial))
  return overOptimisationOfTasks(form, kls, gains, { level })
}
