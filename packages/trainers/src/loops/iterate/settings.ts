import { invalidArgument, requireInteger, requireOneOf, requireSamplingOptions, requireTasks } from '@posttrain/core'
import type { CallOptions, Checkpoint, RewardFunction, SamplingOptions, Task } from '@posttrain/core'
import type { TrainablePolicy, UnscoredPolicy } from '@posttrain/core'
import type { Remembered } from '@posttrain/sampling'
import type { OfflineEvent } from '../offline/train-offline.js'
import type { Collection } from './collection.js'
import type { SelfImprovement } from './self-improvement.js'

/** Settings of training in rounds. */
export interface IterateOptions extends CallOptions, Remembered {
  readonly policy: TrainablePolicy
  /** Each with an id of its own. */
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  /** A row of `selfImprovement`, or one of your own. */
  readonly algorithm: SelfImprovement
  /** At least 0. */
  readonly rounds: number
  /** First round, when a run is resumed; at least 0 (default 0). */
  readonly startRound?: number | undefined
  /** Samples per task and round, at least 1. */
  readonly samplesPerTask: number
  readonly sampling?: SamplingOptions | undefined
  /** Trains the policy on what a round kept, for instance by `trainOffline`. Not called where nothing was kept. */
  readonly train: (data: Collection, round: number) => AsyncIterable<OfflineEvent>
  /** The prompt of a second try, for algorithms that rationalise: it may give the answer away. */
  readonly hint?: ((task: Task) => string) | undefined
  /** What `policy.save()` gave before the first round; needed to resume an algorithm that starts from the base. */
  readonly base?: Checkpoint | undefined
  /** What becomes of samples that exist and have no score (default `throw`); failed ones are always left out. */
  readonly unscored?: UnscoredPolicy | undefined
  /** Groups that are judged at the same time, at least 1 (default 32). */
  readonly concurrency?: number | undefined
  /** Root of all randomness (default 0). */
  readonly seed?: number | undefined
}

/** Refuses, before anything is drawn, what cannot work. */
export function requireIterable({ algorithm, tasks, hint, base, ...options }: IterateOptions): void {
  const { startRound = 0, concurrency = 32, seed = 0, unscored = 'throw', sampling = {} } = options
  requireTasks(tasks)
  requireInteger('rounds', options.rounds, { min: 0 })
  requireInteger('startRound', startRound, { min: 0 })
  requireInteger('samplesPerTask', options.samplesPerTask, { min: 1 })
  requireInteger('concurrency', concurrency, { min: 1 })
  requireInteger('seed', seed)
  requireOneOf('unscored', unscored, ['throw', 'count-as-failure', 'exclude'])
  requireSamplingOptions(sampling)
  if (algorithm.rationalise && !hint) {
    throw invalidArgument(
      `the algorithm ${algorithm.name} tries again with a hint, but hint is absent`,
      'give hint: (task) => prompt, or set rationalise to false',
    )
  }
  if (algorithm.from === 'base' && !base && startRound > 0) {
    throw invalidArgument(
      `round ${startRound} of ${algorithm.name} starts from the base, but base is absent`,
      'give what policy.save() returned before the first round',
    )
  }
}
