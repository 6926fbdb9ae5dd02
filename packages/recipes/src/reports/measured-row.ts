import type { Estimate, Objective } from '@posttrain/core'
import { crossedMean, curveSizes, parseObjective } from '@posttrain/estimators'
import { evaluateGroup } from '@posttrain/sampling'
import type { MeasuredGroup } from '../run/measured-groups.js'
import { IN_NATS, isInNats, summariseVariant, UNSCORED, valuesInNats, type PassAtKPoint } from '../run/summary.js'
import type { VariantOfRun } from './variants-of-runs.js'

/** What was measured of one way of training, with what each seed has on each task. */
export interface MeasuredRow {
  readonly estimates: Readonly<Record<string, Estimate>>
  readonly curve: readonly PassAtKPoint[]
  /** By metric (seeds, tasks). */
  readonly values: Readonly<Record<string, readonly (readonly number[])[]>>
}

/**
 * Measures one way of training.
 *
 * @param members one run for each seed
 * @param metrics those that the samples suffice for are taken
 */
export function measureRow(members: readonly VariantOfRun[], metrics: readonly Objective[]): MeasuredRow {
  const { run, variant } = members[0]!
  const { samplesPerTask } = run.config
  const fitting = metrics.filter(({ k }) => k <= samplesPerTask)
  const groups = members.map((member) => member.run.measured.get(member.variant.name)!)
  const { estimates, curve } = summariseVariant({ ...variant, groups: groups[0]! }, fitting, run.config)
  const values = Object.fromEntries([
    ...fitting.map((metric) => [metric.name, groups.map((own) => taskValues(own, metric))] as const),
    ...Object.entries(IN_NATS).flatMap(([name, of]) => {
      const own = groups.flatMap((group) => [valuesInNats(group, of) ?? []])
      return own.every((values) => values.length > 0) ? [[name, own] as const] : []
    }),
  ])
  if (members.length === 1) return { estimates, curve, values }
  const unscored = groups.flat().reduce((count, { outcomes }) => count + unscoredOf(outcomes), 0)
  const over = (estimate: Estimate, own: readonly (readonly number[])[]): Estimate => ({
    ...estimate,
    ...overSeeds(estimate.name, own),
    unscored,
  })
  return {
    estimates: Object.fromEntries(
      Object.entries(estimates).map(([name, estimate]) => [name, over(estimate, values[name]!)]),
    ),
    curve: curveSizes(samplesPerTask).map((k, i) => {
      const metric = parseObjective(`pass@${k}`)
      return {
        ...over(
          curve[i]!,
          groups.map((own) => taskValues(own, metric)),
        ),
        k,
      }
    }),
    values,
  }
}

/** The mean over seeds and tasks, with an interval that says what it is over and leaves out what no share can be. */
function overSeeds(name: string, values: readonly (readonly number[])[]): Pick<Estimate, 'value' | 'interval'> {
  const { value, interval } = crossedMean(values)
  if (Number.isNaN(interval.lower)) return { value, interval }
  const most = isInNats(name) ? Infinity : 1
  const [lower, upper] = [Math.max(0, interval.lower), Math.min(most, interval.upper)]
  const method = `student-t over ${values.length} seeds and the tasks`
  return { value, interval: { lower, upper, level: interval.level, method } }
}

const taskValues = (groups: readonly MeasuredGroup[], metric: Objective): number[] =>
  groups.map((group) => evaluateGroup(group, [metric], UNSCORED).values[0]!)

const unscoredOf = (outcomes: MeasuredGroup['outcomes']): number =>
  outcomes.filter(({ kind }) => kind === 'unscored').length
