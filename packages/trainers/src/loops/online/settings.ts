import {
  callCallerNow,
  described,
  invalidArgument,
  requireInteger,
  requireOneOf,
  requireSamplingOptions,
  requireTasks,
} from '@posttrain/core'
import type { CallOptions, EnginePair, Objective, ObjectiveProcedure, PolicySnapshot } from '@posttrain/core'
import type { RewardFunction, Sampler, SamplingOptions, Task, TrainablePolicy, UnscoredPolicy } from '@posttrain/core'
import type { KlControl } from '@posttrain/kl'
import type { Remembered } from '@posttrain/sampling'
import type { Algorithm } from '../../algorithms/algorithm.js'
import { policyGradient } from '../../algorithms/policy-gradient.js'
import { amongScored } from './among-scored.js'
import { requireKlControl } from './kl-control.js'
import { linearWarmup, requireOptimizer, type OptimizerSettings } from '../schedule.js'

/** Settings of online training beside what is trained for. */
export interface OnlineSettings extends CallOptions, Remembered {
  readonly policy: TrainablePolicy
  /** Each with an id of its own. */
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  /** What a KL penalty is measured against (default: the policy as it is when training starts). */
  readonly reference?: PolicySnapshot | undefined
  /** The sampler of a step (default: the policy): a fleet is given new weights here. */
  readonly samplerAt?: ((step: number) => Sampler | Promise<Sampler>) | undefined
  /** States that this sampling engine may train this policy although the loss does not correct for the difference. */
  readonly enginePair?: EnginePair | undefined
  /** At least 0 (default 100). */
  readonly steps?: number | undefined
  /** First step, when a run is resumed; at least 0 (default 0). */
  readonly startStep?: number | undefined
  /** At least 1 (default 32, or all tasks if there are fewer). */
  readonly promptsPerStep?: number | undefined
  /** At least what the algorithm needs (default: twice that, and at least 8). */
  readonly samplesPerPrompt?: number | undefined
  /** How tokens are drawn. Log-probs are taken at its temperature; a cut distribution cannot be trained on. */
  readonly sampling?: SamplingOptions | undefined
  /** Default: AdamW at 1e-4 after 10 warm-up steps. */
  readonly optimizer?: OptimizerSettings | undefined
  /**
   * What becomes of samples that exist and have no score: `throw` (default); `count-as-failure`, exact for the reward
   * that is 0 there; `exclude`, exact for the objective among scored samples, which is the objective itself only if
   * being unscored ignores content: it needs k + 1 samples, and a policy learns nothing of how to get a score. Failed
   * samples are always left out.
   */
  readonly unscored?: UnscoredPolicy | undefined
  /** Groups that are judged at the same time, at least 1 (default 32). */
  readonly concurrency?: number | undefined
  /** Root of all randomness (default 0). */
  readonly seed?: number | undefined
  /** Where the coefficient of a KL penalty is, when a run is resumed: `klControl` of its last step. */
  readonly klControl?: KlControl | undefined
  /** The time in milliseconds, for instance `performance.now`; absent: events carry no timings. */
  readonly clock?: (() => number) | undefined
}

/**
 * Settings of online training with what is trained for, one of three. A procedure brings along how answers are read and
 * chosen, which an objective cannot. An algorithm may be one for each step: the way to anneal k, or to train for pass@k
 * first and for pass@1 then.
 */
export type TrainOnlineOptions = OnlineSettings &
  (
    | { readonly procedure: ObjectiveProcedure; readonly objective?: undefined; readonly algorithm?: undefined }
    | { readonly objective: Objective; readonly procedure?: undefined; readonly algorithm?: undefined }
    | {
        /** One, or one for each step. */
        readonly algorithm: Algorithm | ((step: number) => Algorithm)
        readonly procedure?: undefined
        readonly objective?: undefined
      }
  )

/** The options with every default filled in. */
export interface CheckedSettings {
  readonly algorithmAt: (step: number) => Algorithm
  readonly steps: number
  readonly startStep: number
  readonly promptsPerStep: number
  readonly samplesPerPrompt: number
  readonly sampling: SamplingOptions
  readonly optimizer: OptimizerSettings
  readonly unscored: UnscoredPolicy
  readonly concurrency: number
  readonly seed: number
}

/** Fills in the defaults. @throws PosttrainError `invalid-argument` for numbers out of range, no tasks or no goal */
export function checkedSettings(options: TrainOnlineOptions): CheckedSettings {
  const { sampling = {}, seed = 0, startStep = 0, steps = 100, concurrency = 32, unscored = 'throw' } = options
  const { length: tasks } = requireTasks(options.tasks)
  const { optimizer = DEFAULT_OPTIMIZER, promptsPerStep = Math.min(32, tasks), klControl } = options
  requireInteger('startStep', startStep, { min: 0 })
  requireOneOf('unscored', unscored, ['throw', 'count-as-failure', 'exclude'])
  const algorithmAt = amongScored(scheduleOf(options), unscored)
  const { advantages, objective } = algorithmAt(startStep)
  const enough = Math.max(8, 2 * advantages.minimumSamples, objective.k)
  const { samplesPerPrompt = enough } = options
  requireSamplingOptions(sampling)
  requireOptimizer(optimizer)
  if (klControl !== undefined) requireKlControl('klControl', klControl)
  return {
    algorithmAt,
    steps: requireInteger('steps', steps, { min: 0 }),
    startStep,
    promptsPerStep: requireInteger('promptsPerStep', promptsPerStep, { min: 1 }),
    samplesPerPrompt: requireInteger('samplesPerPrompt', samplesPerPrompt, { min: 1 }),
    sampling,
    optimizer,
    unscored,
    concurrency: requireInteger('concurrency', concurrency, { min: 1 }),
    seed: requireInteger('seed', seed),
  }
}

function scheduleOf({ procedure, objective, algorithm }: TrainOnlineOptions): (step: number) => Algorithm {
  const given = [procedure, objective, algorithm].filter((goal) => goal !== undefined)
  if (given.length !== 1) {
    throw invalidArgument(
      `${given.length === 0 ? 'none' : 'more than one'} of procedure, objective and algorithm is given`,
      'give one of them',
    )
  }
  if (typeof algorithm === 'function') {
    return (step) =>
      requireAlgorithm(
        callCallerNow('algorithm', `at step ${step}`, () => algorithm(step)),
        step,
      )
  }
  if (procedure && !(procedure as Partial<ObjectiveProcedure>).objective) {
    throw invalidArgument(
      `the procedure ${procedure.name} has no objective, so that it cannot be trained for`,
      'train for an objective, or by an algorithm, and evaluate with the procedure',
    )
  }
  const chosen = algorithm === undefined ? policyGradient(procedure ?? objective) : requireAlgorithm(algorithm, 0)
  return () => chosen
}

/** What a schedule gives, as long as it is an algorithm. */
function requireAlgorithm(algorithm: Algorithm, step: number): Algorithm {
  const given = algorithm as Partial<Algorithm> | null | undefined
  const has = (part: object | null | undefined, method: string): boolean =>
    typeof (part as Readonly<Record<string, unknown>> | null | undefined)?.[method] === 'function'
  if (
    has(given?.objective, 'estimate') &&
    has(given?.advantages, 'advantages') &&
    has(given?.loss, 'evaluate') &&
    has(given?.aggregation, 'weights')
  ) {
    return algorithm
  }
  throw invalidArgument(
    `the algorithm of step ${step} is ${described(given)}, not an algorithm`,
    'make one by changing a cell of another: { ...grpo(), aggregation: tokenMean() }',
  )
}

const DEFAULT_OPTIMIZER: OptimizerSettings = { learningRate: linearWarmup(1e-4, 10) }
