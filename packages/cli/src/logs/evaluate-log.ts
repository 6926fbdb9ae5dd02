import type { Estimate } from '@posttrain/core'
import { meanEstimate } from '@posttrain/estimators'
import type { LogOptions } from './log-options.js'
import { nameOf, type Metric } from './metric.js'
import { sampleCounts } from './scored-task.js'
import { shortTasks } from './short-tasks.js'
import type { TaskLog } from './task-log.js'
import { taskValues } from './task-values.js'

/** A metric of a log, measured. */
export interface Measured {
  readonly metric: Metric
  readonly estimate: Estimate
}

/** What was found in a log. */
export interface Evaluation {
  readonly measured: readonly Measured[]
  /** pass@k for k = 1, 2, 4 … up to what every task has samples for; best-of-k where rewards are not 0 and 1. */
  readonly curve: readonly Measured[]
  /** What a reader of the figures must know beside them. */
  readonly notes: readonly string[]
}

/** Metrics asked for, by kind; none at all asks for the default. */
export interface Asked {
  readonly k?: readonly number[]
  readonly vote?: readonly number[]
  readonly bestOf?: readonly number[]
}

type Rules = Pick<LogOptions, 'ties' | 'unparsed' | 'unscored' | 'dropShort' | 'level' | 'seed'>

/** Measured where nothing is asked for, as far as every task has that many samples. */
const DEFAULT_K = [1, 8, 64]

/**
 * Measures a log: every metric on the same tasks, each with its interval.
 *
 * @param withCurve whether the curve over k is wanted
 * @throws PosttrainError for a metric that some task has too few samples for, or that the log does not allow
 */
export function evaluateLog(log: TaskLog, asked: Asked, rules: Rules, withCurve: boolean): Evaluation {
  const { ties, unparsed, unscored: denominator, dropShort = false, level, seed } = rules
  const notes: string[] = []
  const metrics = metricsOf(asked)
  if (metrics.length === 0) {
    let fewest = Infinity
    for (const [, n] of sampleCounts(log, denominator)) fewest = Math.min(fewest, n)
    const ks = DEFAULT_K.filter((k) => k === 1 || k <= fewest)
    metrics.push(...metricsOf({ k: ks }))
    notes.push(`no metric was asked for (--k, --vote, --best-of): these are --k ${ks.join(',')}`)
  }
  const largest = metrics.reduce((a, b) => (b.k > a.k ? b : a))
  const short = shortTasks(sampleCounts(log, denominator), nameOf(largest), largest.k, dropShort)
  if (short.ids.size > 0) {
    notes.push(
      `${short.ids.size} of ${short.of} tasks have fewer than ${largest.k} samples and are left out of every figure`,
    )
  }
  if (log.unscored > 0) {
    const became = denominator === 'exclude' ? 'are left out' : 'count as failures'
    notes.push(`${log.unscored} of ${log.samples} samples have no score and ${became} (--unscored ${denominator})`)
  }
  if (metrics.some(({ kind }) => kind === 'best-of-') && log.proxied === 0) {
    notes.push('the log has no proxies: best-of-N chooses by the reward itself')
  }
  const measure = (metric: Metric): Measured => {
    const tasks = taskValues(log, metric, { ties, unparsed, denominator }, short.ids)
    const estimate = meanEstimate(second(tasks), { name: nameOf(metric), denominator, level, seed })
    return { metric, estimate }
  }
  const measured = metrics.map(measure)
  const fewest = measured[0]!.estimate.samplesPerTask.min
  const kind = log.binary ? 'pass@' : 'best-of-'
  const curve = withCurve ? powersOfTwo(fewest).map((k) => measure({ kind, k })) : []
  return { measured, curve, notes }
}

/** The values of pairs, one at a time: a log of a million tasks is never a million objects. */
function* second<T>(pairs: Iterable<readonly [unknown, T]>): Generator<T> {
  for (const [, value] of pairs) yield value
}

const metricsOf = ({ k = [], vote = [], bestOf = [] }: Asked): Metric[] => [
  ...k.map((k): Metric => ({ kind: 'pass@', k })),
  ...k.map((k): Metric => ({ kind: 'pass^', k })),
  ...vote.map((k): Metric => ({ kind: 'maj@', k })),
  ...bestOf.map((k): Metric => ({ kind: 'best-of-', k })),
]

function powersOfTwo(last: number): readonly number[] {
  const powers: number[] = []
  for (let k = 1; k <= last; k *= 2) powers.push(k)
  return powers
}
