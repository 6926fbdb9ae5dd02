import { invalidArgument, mean, requireEnoughSamples, requireInteger, requireTasks } from '@posttrain/core'
import type {
  CallOptions,
  Estimate,
  Procedure,
  RewardFunction,
  Sample,
  Sampler,
  SamplingOptions,
  Task,
} from '@posttrain/core'
import { meanEstimate, meanObjective } from '@posttrain/estimators'
import { requireProcedure, requireSampler } from '../checks/require-functions.js'
import { evaluateGroup } from '../evaluation-report.js'
import { groups } from '../groups.js'
import { requireParts } from '../require-parts.js'
import { stored } from '../stored.js'
import { inMemoryStore } from './in-memory-store.js'
import { costOfDecision, DrawnCosts } from './cost-of-decision.js'

/** What a decision on one task is worth on average, and what it costs. */
export interface MeasuredTask {
  readonly taskId: string
  /** Mean reward of what is answered, an abstention being 0. */
  readonly value: number
  /** Drawn for a decision, on average. */
  readonly samples: number
  /** Drawn for a decision, on average. */
  readonly tokens: number
  /** What sampling for a decision costs in money, on average; undefined where usages do not say it. */
  readonly money: number | undefined
  /** How long sampling for a decision takes, on average; undefined where `secondsOf` does not say it. */
  readonly seconds: number | undefined
}

/** What a procedure is worth, and what it costs. */
export interface MeasuredProcedure {
  readonly name: string
  /** Mean reward of what it answers, with its interval over tasks. */
  readonly estimate: Estimate
  /** Of a decision, on average over tasks. */
  readonly samples: number
  /** Of a decision, on average over tasks. */
  readonly tokens: number
  /** Of a decision, on average over tasks. */
  readonly money: number | undefined
  /** Of a decision, on average over tasks. */
  readonly seconds: number | undefined
  /** In the order of the tasks. */
  readonly perTask: readonly MeasuredTask[]
}

/** Which procedures are measured, and on what. */
export interface MeasureProceduresOptions extends CallOptions {
  readonly procedures: readonly Procedure[]
  readonly sampler: Sampler
  readonly tasks: readonly Task[]
  /** The reward that counts; what has no score counts as 0. */
  readonly reward: RewardFunction
  /** Samples per task that a procedure with an objective is estimated from (default: as many as the widest draws). */
  readonly samplesPerTask?: number | undefined
  /** Times that a procedure without an objective is run per task (default 1). */
  readonly runs?: number | undefined
  readonly sampling?: SamplingOptions | undefined
  /** Root of all randomness (default 0). */
  readonly seed?: number | undefined
  /**
   * How long a sample took, where that is known. Samples of one call are drawn side by side and take as long as the
   * longest; calls follow one another.
   */
  readonly secondsOf?: ((sample: Sample) => number | undefined) | undefined
  /** Default 32. */
  readonly tasksInFlight?: number | undefined
}

/**
 * Measures several procedures on the same tasks: what a decision of each is worth, and the samples and tokens that it
 * costs. Samples that two of them ask for alike are drawn once, so that they are compared on the same draws, and paid
 * for once; they are held in memory until the end.
 *
 * The value of a procedure with an objective is that objective's estimate, and its decision costs what it is expected
 * to draw of the samples that are there: k of mean length, or fewer where it ends early. One without is run.
 * `pairedDifference` of two lists of values says how much one is better than another.
 *
 * @returns one entry per procedure, in their order
 * @throws PosttrainError `invalid-argument` for no procedures, two of one name, or fewer samples than one draws, before
 *   any is drawn; otherwise as `groups`
 * @example
 * ```ts
 * const usage = { promptTokens: 1, completionTokens: 5 }
 * const sampler: Sampler = {
 *   async *sample(requests) {
 *     for (const { task, count, firstIndex = 0, seed, id = task.id } of requests) {
 *       for (let index = firstIndex; index < firstIndex + count; index++) {
 *         yield { id, taskId: task.id, index, seed, text: index % 4 < 3 ? '42' : '41', finish: 'stop', usage }
 *       }
 *     }
 *   },
 * }
 * const reward: RewardFunction = {
 *   name: 'exact match',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text === '42' ? 1 : 0 })),
 * }
 * const tasks = ['a', 'b'].map((id) => ({ id, prompt: '6 · 7 =' }))
 * const procedures = [majorityVote({ k: 3 }), adaptiveVote({ most: 40 })]
 * const [vote, adaptive] = await measureProcedures({ procedures, sampler, tasks, reward, samplesPerTask: 4 })
 * vote?.tokens // => 15
 * adaptive?.samples // => 7
 * ```
 */
export async function measureProcedures(options: MeasureProceduresOptions): Promise<readonly MeasuredProcedure[]> {
  const { procedures, runs = 1 } = options
  const widest = Math.max(1, ...requireNamed(procedures).map(({ objective }) => objective?.k ?? 1))
  const { samplesPerTask = widest } = options
  requireSampler('sampler', options.sampler)
  requireInteger('samplesPerTask', samplesPerTask, { min: 1 })
  requireInteger('runs', runs, { min: 1 })
  const tasks = requireTasks(options.tasks)
  if (tasks.length < 2) throw invalidArgument(`an interval needs at least 2 tasks, but there are ${tasks.length}`)
  for (const procedure of procedures) {
    const { objective } = procedure
    if (!objective) continue
    requireEnoughSamples(objective.name, objective.k, samplesPerTask)
    requireParts(objective, options.reward, procedure)
  }
  const sampler = stored(options.sampler, inMemoryStore())
  const measured = []
  for (const procedure of procedures) {
    const count = procedure.objective ? samplesPerTask : runs
    measured.push(await measure(procedure, { ...options, sampler, tasks }, count))
  }
  return measured
}

async function measure(
  procedure: Procedure,
  { sampler, tasks, reward, sampling, seed, tasksInFlight, signal, secondsOf }: MeasureProceduresOptions,
  count: number,
): Promise<MeasuredProcedure> {
  const { objective = meanObjective(), name } = procedure
  const costs = new DrawnCosts(secondsOf)
  const byTask = new Map<string, { readonly entry: MeasuredTask; readonly unscored: number }>()
  const shared = { tasks, reward, procedure, sampling, seed, tasksInFlight, signal, samplesPerTask: count }
  for await (const group of groups({ ...shared, sampler: costs.counted(sampler) })) {
    const { taskId, values, unscored, failed } = evaluateGroup(group, [objective])
    const cost = procedure.objective
      ? costOfDecision(procedure, procedure.objective, group, secondsOf)
      : costs.perRun(taskId, count)
    byTask.set(taskId, { entry: { taskId, value: values[0]!, ...cost }, unscored: unscored + failed })
  }
  const perTask = tasks.map(({ id }) => byTask.get(id)!.entry)
  const entries = perTask.map(({ taskId, value }) => {
    return { value, samples: count, unscored: byTask.get(taskId)!.unscored }
  })
  const meanOf = (key: 'money' | 'seconds'): number | undefined => {
    const known = perTask.flatMap((task) => task[key] ?? [])
    return known.length === perTask.length ? mean(known) : undefined
  }
  return {
    name,
    estimate: meanEstimate(entries, { name: procedure.objective?.name ?? name, unscored: 'count-as-failure', seed }),
    samples: mean(perTask.map(({ samples }) => samples)),
    tokens: mean(perTask.map(({ tokens }) => tokens)),
    money: meanOf('money'),
    seconds: meanOf('seconds'),
    perTask,
  }
}

function requireNamed(procedures: readonly Procedure[]): readonly Procedure[] {
  if (procedures.length === 0) throw invalidArgument('procedures must not be empty', 'name at least one')
  const names = new Set<string>()
  procedures.forEach((procedure, i) => {
    requireProcedure(`procedures[${i}]`, procedure)
    if (names.has(procedure.name)) throw invalidArgument(`two procedures have the name ${procedure.name}`)
    names.add(procedure.name)
  })
  return procedures
}
