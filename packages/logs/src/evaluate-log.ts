import { invalidArgument, type Estimate, type Objective, type UnscoredPolicy } from '@posttrain/core'
import { costsOfLog, type LogCost } from './costs-of-log.js'
import { objectivesOf } from './log-objectives.js'
import { unscoredPolicy, type LogRules } from './log-rules.js'
import { neededToDetect, withSquare, type NeededToDetect } from './needed-to-detect.js'
import { shortTasks } from './short-tasks.js'
import { columnsOfTag, estimateOf, everyTagAlike, taskColumns, type TaskColumns } from './task-columns.js'
import type { TaskLog } from './task-log.js'

/** What a log is asked for. */
export interface EvaluateLogOptions extends LogRules {
  /**
   * Names as `parseObjective` reads them, or objectives (default: pass@k and pass^k for k = 1, 8, 64, as far as every
   * task has that many samples, and for as many as every task has; pass@k alone where drawing stopped at a success).
   */
  readonly objectives?: readonly (string | Objective)[] | undefined
  /** Whether the curve over k is wanted too (default false). */
  readonly curve?: boolean | undefined
  /** A difference, for what a later comparison with another system needs to find it (default: not asked). */
  readonly detect?: number | undefined
}

/** An objective of a log, measured. */
export interface MeasuredObjective {
  readonly objective: Objective
  readonly estimate: Estimate
  /**
   * What finds a difference from another system, if that spreads as this one does and the two are independent of each
   * other; systems that succeed on the same tasks need fewer. Only where it was asked for, and of all tasks.
   */
  readonly needed?: NeededToDetect | undefined
}

/** What was found in a log. */
export interface LogEvaluation {
  /** One per objective, in their order; all over the same tasks. */
  readonly measured: readonly MeasuredObjective[]
  /**
   * pass@k for k = 1, 2, 4 … up to what every task has samples for; best-of-k where rewards are not 0 and 1. Empty
   * unless it was asked for.
   */
  readonly curve: readonly MeasuredObjective[]
  /**
   * (tasks that are not left out): what each gives of the first of the curve, its share of successes or its mean
   * reward, in the order of the log; empty without a curve.
   */
  readonly byTask: Float64Array
  /** The same for each tag, in the order of first appearance; empty where the log was read without. */
  readonly tags: readonly { readonly tag: string; readonly measured: readonly MeasuredObjective[] }[]
  /** The mean over tags of their means: every tag counts alike, however many tasks it has. Empty without tags. */
  readonly overTags: readonly MeasuredObjective[]
  /** What samples cost, one per field that the log was read with and some sample has. */
  readonly costs: readonly LogCost[]
  /** Ids of tasks with fewer samples than the largest k needs: they are in no estimate. */
  readonly leftOut: readonly string[]
}

const DEFAULT_K = [8, 64]

/**
 * Measures a log: every objective on the same tasks, each with an interval over tasks. Where the log was
 * read with clusters, weights or tags, the intervals are those of clusters, the means weighted, and each tag has its
 * own.
 *
 * An estimate has the name that was asked for. `best-of-N` chooses by the proxy where the log has proxies, otherwise
 * by the reward. Rows that hold only counts give `mean`, `pass@K` and `pass^K`, for n up to 2⁵³ − 1.
 *
 * @param log as `readLog` gives it
 * @returns one estimate per objective
 * @throws PosttrainError `invalid-argument` for an objective that some task has too few samples for, or fewer than
 *   two tasks; `invalid-data` for one that the log does not allow, naming the task; `unscored` under that policy
 * @example
 * ```ts
 * const log = await readLog({ lines: ['{"task_id":"a","n":4,"c":2}', '{"task_id":"b","n":4,"c":0}'] })
 * const { measured } = evaluateLog(log, { objectives: ['pass@1', 'pass@2'] })
 * measured.map(({ estimate }) => estimate.value) // => [0.25, 0.4167]
 * ```
 */
export function evaluateLog(log: TaskLog, options: EvaluateLogOptions = {}): LogEvaluation {
  const { level, seed, detect, curve: withCurve = false } = options
  const unscored = unscoredPolicy(log, options)
  const asked = options.objectives ?? defaultObjectives(log, unscored)
  if (asked.length === 0) throw invalidArgument('objectives is empty', 'say what to measure, for instance pass@8')
  const objectives = objectivesOf(asked, log, options)
  const largest = objectives.reduce((a, b) => (b.k > a.k ? b : a))
  const short = shortTasks(log.sampleCounts(unscored), largest, { ...options, leastTasks: 1 })
  const family = log.totals.binary ? 'pass@' : 'best-of-'
  const curve = withCurve ? powersOfTwo(short.fewest).map((k) => `${family}${k}`) : []
  const drawn = objectivesOf(curve, log, options)
  const squares = detect === undefined ? [] : objectives.map((objective) => withSquare(objective, log)[1])
  const all = [...objectives, ...drawn, ...squares.filter((square) => square !== undefined)]

  const columns = taskColumns(log, all, { unscored, leftOut: short.ids, optionNames: options.optionNames })
  const measure = (of: TaskColumns, some = objectives): readonly MeasuredObjective[] =>
    some.map((objective) => {
      const how = { name: objective.name, unscored, level, seed }
      return { objective, estimate: estimateOf(of, all.indexOf(objective), how) }
    })
  const neededBy = (i: number): NeededToDetect | undefined => {
    if (detect === undefined) return undefined
    const square = squares[i]
    const own = [all[i]!, ...(square ? [square] : [])].map((objective) => columns.values[all.indexOf(objective)]!)
    return neededToDetect(detect, { values: own[0]!, systems: [{ ...columns, values: own }] }, level)
  }
  const tags = [...new Set(columns.tags)]
  return {
    measured: measure(columns).map((one, i) => ({ ...one, needed: neededBy(i) })),
    curve: measure(columns, drawn),
    byTask: columns.values[all.indexOf(drawn[0]!)] ?? new Float64Array(),
    tags: tags.map((tag) => ({ tag, measured: measure(columnsOfTag(columns, tag)) })),
    overTags: tags.length > 0 ? measure(everyTagAlike(columns)) : [],
    costs: costsOfLog(log, short.ids, { unscored, level, seed }),
    leftOut: [...short.ids],
  }
}

function defaultObjectives(log: TaskLog, unscored: UnscoredPolicy): readonly string[] {
  let fewest = Infinity
  for (const [, n] of log.sampleCounts(unscored)) fewest = Math.min(fewest, n)
  const ks = new Set([1, ...DEFAULT_K.filter((k) => k <= fewest), Math.max(1, fewest)])
  const families = log.totals.stoppedAt === undefined ? ['pass@', 'pass^'] : ['pass@']
  return families.flatMap((family) => [...ks].map((k) => `${family}${k}`))
}

function powersOfTwo(last: number): readonly number[] {
  const powers: number[] = []
  for (let k = 1; k <= last; k *= 2) powers.push(k)
  return powers
}
