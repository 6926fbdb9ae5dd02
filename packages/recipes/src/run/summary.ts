import { mean, sum, type Estimate, type Objective } from '@posttrain/core'
import { curveSizes, meanEstimate, pairedDifference, parseObjective, passAtK } from '@posttrain/estimators'
import type { PairedDifference } from '@posttrain/estimators'
import { evaluateGroup, evaluationReport, type TaskEvaluation } from '@posttrain/sampling'
import type { PublishedCounts } from '../recipe.js'
import type { Experiment } from './experiment.js'
import type { MeasuredGroup } from './measured-groups.js'

/** What was measured of one variant. */
export interface VariantSummary {
  readonly variant: string
  readonly label: string
  /** By metric, for instance `pass@8`; `entropy` in nats per token, and `KL` from the checkpoint in nats. */
  readonly estimates: Readonly<Record<string, Estimate>>
  /** pass@k for k = 1, 2, 4 … */
  readonly curve: readonly PassAtKPoint[]
}

/** One point of a pass@k curve. */
export type PassAtKPoint = Estimate & { readonly k: number }

/** How much better a variant is than a baseline on the same tasks. */
export interface Comparison extends PairedDifference {
  readonly metric: string
  readonly variant: string
  readonly baseline: string
}

/** What others reached on some of the tasks, and ours on the same. */
export interface PublishedSummary {
  readonly variants: readonly VariantSummary[]
  readonly others: readonly { readonly name: string; readonly curve: readonly PassAtKPoint[] }[]
}

/** The result of a run: a pure function of its groups. */
export interface RunSummary {
  readonly variants: readonly VariantSummary[]
  readonly comparisons: readonly Comparison[]
  readonly published: PublishedSummary | undefined
}

/** Verifiers score every sample; should one not be scored, it counts as wrong and is reported. */
export const UNSCORED = 'count-as-failure'

/** The groups of each variant, by its name, in the order of the variants and of the tasks. */
export type MeasuredVariants = ReadonlyMap<string, readonly MeasuredGroup[]>

/** Summarises the groups of all variants. */
export function summariseRun(experiment: Experiment, measured: MeasuredVariants): RunSummary {
  const { recipe, config, variants, metrics } = experiment
  const all = variants.map(({ name, label }) => ({ name, label, groups: measured.get(name)! }))
  const shared = new Set(recipe.published?.tasks.slice(0, config.heldOutTasks))
  const isShared = ({ task }: MeasuredGroup): boolean => shared.has(task.id)
  return {
    variants: all.map((variant) => summariseVariant(variant, metrics, config)),
    comparisons: compareAll(all, metrics, config.seed),
    published:
      recipe.published && shared.size > 1
        ? {
            variants: all.map((variant) =>
              summariseVariant({ ...variant, groups: variant.groups.filter(isShared) }, metrics, config),
            ),
            others: recipe.published.counts.map((counts) => publishedCurve(counts, shared.size, config)),
          }
        : undefined,
  }
}

/** A variant with what was measured of it. */
interface MeasuredVariant {
  readonly name: string
  readonly label: string
  readonly groups: readonly MeasuredGroup[]
}

/** Summarises the groups of one variant by the given metrics. */
export function summariseVariant(
  { name, label, groups }: MeasuredVariant,
  metrics: readonly Objective[],
  { seed, samplesPerTask }: { readonly seed: number; readonly samplesPerTask: number },
): VariantSummary {
  const sizes = curveSizes(samplesPerTask)
  const objectives = [...metrics, ...sizes.map((k) => parseObjective(`pass@${k}`))]
  const perTask = groups.map((group) => evaluateGroup(group, objectives, UNSCORED))
  const { estimates } = evaluationReport(perTask, { objectives, unscored: UNSCORED, seed })
  const named = [...estimates.slice(0, metrics.length), ...inNatsOf(groups, perTask)]
  return {
    variant: name,
    label,
    estimates: Object.fromEntries(named.map((estimate) => [estimate.name, estimate])),
    curve: sizes.map((k, i) => ({ k, ...estimates[metrics.length + i]! })),
  }
}

/**
 * What is said of a policy beside its rewards, in nats, of one task; undefined where it was not measured.
 *
 * `entropy` is −log π per token of the task's samples, a ratio of two sums; `KL` the mean over samples of
 * Σₜ KL(π ‖ checkpoint) of the next-token distributions, an unbiased estimate of the divergence of completions.
 */
export const IN_NATS: Readonly<Record<'entropy' | 'KL', (group: MeasuredGroup) => number | undefined>> = {
  entropy: ({ logprobs, samples }) => -sum(logprobs) / sum(samples.map(({ usage }) => usage.completionTokens)),
  KL: ({ kls }) => kls && mean(kls),
}

/** Whether a metric is in nats. */
export const isInNats = (metric: string): boolean => Object.hasOwn(IN_NATS, metric)

/** The value of each task; undefined where a task lacks it. */
export function valuesInNats(
  groups: readonly MeasuredGroup[],
  of: (group: MeasuredGroup) => number | undefined,
): readonly number[] | undefined {
  const values = groups.flatMap((group) => of(group) ?? [])
  return values.length === groups.length ? values : undefined
}

/** Means over tasks of what is in nats. */
function inNatsOf(groups: readonly MeasuredGroup[], perTask: readonly TaskEvaluation[]): readonly Estimate[] {
  return Object.entries(IN_NATS).flatMap(([name, of]) => {
    const values = valuesInNats(groups, of)?.map((value, i) => {
      return { value, samples: groups[i]!.samples.length, unscored: perTask[i]!.unscored }
    })
    return values ? [meanEstimate(values, { name, unscored: UNSCORED, method: 'student-t' })] : []
  })
}

function compareAll(
  variants: readonly MeasuredVariant[],
  metrics: readonly Objective[],
  seed: number,
): readonly Comparison[] {
  const values = variants.map(({ groups }) => groups.map((group) => evaluateGroup(group, metrics, UNSCORED).values))
  return variants.flatMap((baseline, b) =>
    variants.slice(b + 1).flatMap((variant, offset) =>
      metrics.map((metric, m): Comparison => {
        const [before, after] = [values[b]!, values[b + 1 + offset]!].map((tasks) => tasks.map((task) => task[m]!))
        const difference = pairedDifference(before!, after!, { seed })
        return { metric: metric.name, variant: variant.name, baseline: baseline.name, ...difference }
      }),
    ),
  )
}

function publishedCurve(
  { name, n, correct }: PublishedCounts,
  tasks: number,
  { seed, samplesPerTask }: { readonly seed: number; readonly samplesPerTask: number },
): PublishedSummary['others'][number] {
  const counts = correct.slice(0, tasks)
  const curve = curveSizes(Math.min(n, samplesPerTask)).map((k) => {
    const values = counts.map((c) => ({ value: passAtK(n, c, k), samples: n }))
    return { k, ...meanEstimate(values, { name: `pass@${k}`, unscored: UNSCORED, seed }) }
  })
  return { name, curve }
}
