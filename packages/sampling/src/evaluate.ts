import { invalidArgument, requireEnoughSamples, requireFinite, requireInteger } from '@posttrain/core'
import type { CallOptions, DenominatorPolicy, Procedure, RewardFunction, Sample, Sampler, Task } from '@posttrain/core'
import { collectSamples } from './collect-samples.js'
import { evaluationReport, type EvaluationReport } from './evaluation-report.js'

/** How far sampling has come. */
export interface EvaluationProgress {
  /** Samples there are, known ones included. */
  readonly samples: number
  readonly total: number
  /** The sample that has just come; keep it to continue a stopped evaluation. */
  readonly sample: Sample
}

/** What is evaluated, and how much of it. */
export interface EvaluateOptions extends CallOptions {
  readonly sampler: Sampler
  /** At least two: intervals are over tasks. */
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  /** Says what is estimated. */
  readonly procedure: Procedure
  /** Default: as few as the objective needs; more samples give a narrower interval. */
  readonly samplesPerTask?: number
  /** Root of all randomness, default 0. */
  readonly seed?: number
  readonly temperature?: number
  readonly maxTokens?: number
  /** What unscored samples count as, default `count-as-failure`. */
  readonly unscored?: DenominatorPolicy
  /** Nominal coverage of the intervals, default 0.95. */
  readonly level?: number
  /** Samples of an earlier, stopped evaluation with the same seed: they are not drawn again. */
  readonly known?: readonly Sample[]
  /** Called with each new sample. */
  readonly onProgress?: (progress: EvaluationProgress) => void
}

/**
 * Estimates what a procedure achieves, without running it: draws samples for every task, scores them, and reports the
 * procedure's metric and the mean reward with intervals over tasks. With more samples than the procedure draws, each
 * task's estimate averages over all groups of them.
 *
 * @returns estimates, and the outcomes per task for anything else one wants to know
 * @throws PosttrainError `invalid-argument` for fewer samples than the objective needs, before any is drawn;
 * `unscored` under that denominator policy; `aborted` at the signal
 * @example
 * ```ts
 * const usage = { promptTokens: 1, completionTokens: 1 }
 * const sampler: Sampler = {
 *   async *sample(requests) {
 *     for (const { task, count, seed } of requests) {
 *       for (let index = 0; index < count; index++) {
 *         yield { taskId: task.id, index, seed, text: index === 0 ? 'yes' : 'no', finish: 'stop', usage }
 *       }
 *     }
 *   },
 * }
 * const reward: RewardFunction = {
 *   name: 'yes',
 *   score: async (task, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text === 'yes' ? 1 : 0 })),
 * }
 * const tasks = ['a', 'b'].map((id) => ({ id, prompt: '?' }))
 * const report = await evaluate({ sampler, tasks, reward, procedure: passAtK({ k: 2 }), samplesPerTask: 4 })
 * report.estimates[0]!.value // => 0.5
 * ```
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationReport> {
  const { sampler, tasks, reward, procedure, signal, temperature, maxTokens, onProgress, known = [] } = options
  const { seed = 0, unscored = 'count-as-failure', level = 0.95 } = options
  const { objective } = procedure
  const samplesPerTask = options.samplesPerTask ?? objective.minimumSamples
  requireInteger('samplesPerTask', samplesPerTask, { min: 1 })
  requireEnoughSamples(objective.name, objective.minimumSamples, samplesPerTask)
  requireInteger('seed', seed)
  requireFinite('level', level)
  if (level <= 0 || level >= 1) throw invalidArgument(`level must lie between 0 and 1, but is ${level}`)
  if (tasks.length < 2) {
    throw invalidArgument(`an evaluation needs at least 2 tasks for an interval, but there are ${tasks.length}`)
  }

  const call = signal === undefined ? {} : { signal }
  const total = tasks.length * samplesPerTask
  const ids = new Set(tasks.map(({ id }) => id))
  let samples = known.filter(({ taskId, index }) => ids.has(taskId) && index < samplesPerTask).length
  const request = {
    count: samplesPerTask,
    seed,
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  }
  const groups = await collectSamples(
    sampler,
    tasks.map((task) => ({ task, ...request })),
    {
      ...call,
      known,
      onSample: (sample) => onProgress?.({ samples: ++samples, total, sample }),
    },
  )
  const scored = await Promise.all(
    tasks.map(async (task) => {
      const group = groups.get(task.id)!
      return { taskId: task.id, samples: group, outcomes: await reward.score(task, group, call) }
    }),
  )
  return evaluationReport(scored, objective, { unscored, level, seed })
}
