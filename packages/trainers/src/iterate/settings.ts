import {
  invalidArgument,
  requireInteger,
  type CallOptions,
  type DenominatorPolicy,
  type RewardFunction,
  type Sample,
  type Task,
  type TrainablePolicy,
} from '@posttrain/core'
import type { OfflineEvent } from '../offline/train-offline.js'
import type { Collection } from './collect.js'
import type { SelfImprovement } from './self-improvement.js'

/** Settings of training in rounds. */
export interface IterateOptions extends CallOptions {
  readonly policy: TrainablePolicy
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  /** A row of `selfImprovementAlgorithms`, or one of your own. */
  readonly algorithm: SelfImprovement
  readonly rounds: number
  /** First round, when a run is resumed (default 0). */
  readonly startRound?: number
  /** Samples per task and round. */
  readonly samplesPerTask: number
  readonly maxTokens?: number
  /** Trains the policy on what a round kept, for instance by `trainOffline`. Not called where nothing was kept. */
  readonly train: (data: Collection, round: number) => AsyncIterable<OfflineEvent>
  /** The prompt of a second try, for algorithms that rationalise: it may give the answer away. */
  readonly hint?: (task: Task) => string
  /** What `policy.save()` gave before the first round; needed to resume an algorithm that starts from the base. */
  readonly base?: Uint8Array
  /** `throw` (default), or `exclude` unscored samples. */
  readonly unscored?: Exclude<DenominatorPolicy, 'count-as-failure'>
  /** Groups that are scored at the same time (default 32). */
  readonly concurrency?: number
  readonly seed?: number
  /** Samples of the first round that an interrupted run had drawn already; they are not drawn again. */
  readonly drawn?: readonly Sample[]
}

/** Refuses, before anything is drawn, what cannot work. */
export function requireIterable({ algorithm, tasks, hint, base, ...options }: IterateOptions): void {
  if (tasks.length === 0) throw invalidArgument('tasks is empty')
  requireInteger('rounds', options.rounds, { min: 0 })
  requireInteger('startRound', options.startRound ?? 0, { min: 0 })
  requireInteger('samplesPerTask', options.samplesPerTask, { min: 1 })
  requireInteger('concurrency', options.concurrency ?? 1, { min: 1 })
  if (algorithm.rationalise && !hint) {
    throw invalidArgument(
      `the algorithm ${algorithm.name} tries again with a hint, but hint is absent`,
      'give hint: (task) => prompt, or set rationalise to false',
    )
  }
  if (algorithm.from === 'base' && !base && (options.startRound ?? 0) > 0) {
    throw invalidArgument(
      `round ${options.startRound!} of ${algorithm.name} starts from the base, but base is absent`,
      'give what policy.save() returned before the first round',
    )
  }
}
