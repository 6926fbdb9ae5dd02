import type { Estimate } from '@posttrain/core'
import { formatNumber, percent, type Unit } from './unit.js'

/** What a reported number must carry; every Estimate of core does. */
export type Reported = Pick<Estimate, 'value' | 'interval' | 'tasks'> & {
  readonly [Field in 'samplesPerTask' | 'unscoredPolicy' | 'unscored']?: Estimate[Field] | undefined
}

/** The value alone, with its unit: `31.2 %`. */
export function formatValue(value: number, unit: Unit = percent): string {
  return unit.symbol === '' ? formatNumber(value, unit) : `${formatNumber(value, unit)} ${unit.symbol}`
}

/** The interval alone: `[27.5, 35.0]`, or `no interval` where both bounds are NaN, as of one task. */
export function formatInterval({ lower, upper }: Estimate['interval'], unit: Unit = percent): string {
  if (Number.isNaN(lower) && Number.isNaN(upper)) return 'no interval'
  return `[${formatNumber(lower, unit)}, ${formatNumber(upper, unit)}]`
}

/**
 * Writes an estimate with its interval, the one way this project does.
 *
 * @param unit how the number is written (default: per cent)
 * @returns for instance `31.2 % [27.5, 35.0]`
 * @throws PosttrainError `invalid-argument` for a value that is not finite, or one bound that is not
 * @example
 * ```ts
 * const interval = { lower: 0.275, upper: 0.35, level: 0.95, method: 'bootstrap over tasks' }
 * formatEstimate({ value: 0.312, interval }) // => '31.2 % [27.5, 35.0]'
 * ```
 */
export function formatEstimate(estimate: Pick<Reported, 'value' | 'interval'>, unit: Unit = percent): string {
  return `${formatValue(estimate.value, unit)} ${formatInterval(estimate.interval, unit)}`
}

/**
 * Says what an estimate rests on: tasks, samples per task, interval level and method, the rule for unscored samples.
 * The footnote of every number that `formatEstimate` writes.
 *
 * @example
 * ```ts
 * const interval = { lower: 0.275, upper: 0.35, level: 0.95, method: 'bootstrap over tasks' }
 * describeEstimate({ value: 0.312, interval, tasks: 260, samplesPerTask: { min: 64, max: 64 } })
 * // => 'n = 260 tasks × 64 samples; 95 % interval: bootstrap over tasks'
 * ```
 */
export function describeEstimate(estimate: Reported): string {
  const { unscoredPolicy, unscored } = estimate
  const rest =
    unscoredPolicy === undefined ? '' : `; unscored samples: ${unscored ?? 'unknown'}, policy ${unscoredPolicy}`
  return describeTasks(estimate) + rest
}

/** What every measured number rests on: tasks, samples of each, interval level and method. */
export function describeTasks({ interval, tasks, samplesPerTask }: Omit<Reported, 'value'>): string {
  const n = `n = ${tasks} ${tasks === 1 ? 'task' : 'tasks'}${samplesPerTask ? ` × ${samples(samplesPerTask)}` : ''}`
  return `${n}; ${Number((interval.level * 100).toPrecision(6))} % interval: ${interval.method}`
}

const samples = ({ min, max }: Estimate['samplesPerTask']): string =>
  min === max ? `${min} ${min === 1 ? 'sample' : 'samples'}` : `${min} to ${max} samples`
