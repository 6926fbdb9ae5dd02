import {
  invalidArgument,
  requireEnoughSamples,
  requireInteger,
  unsupported,
  type CallOptions,
  type DenominatorPolicy,
  type Objective,
  type PolicySnapshot,
  type RewardFunction,
  type Sample,
  type Task,
  type TrainablePolicy,
} from '@posttrain/core'
import type { Algorithm } from '../algorithms/algorithm.js'
import { policyGradient } from '../algorithms/policy-gradient.js'
import { penalisedLoss } from './penalised-loss.js'
import { linearWarmup, type OptimizerSettings } from '../schedule.js'

/** An algorithm, or one for each step: the way to anneal k, or to train for pass@k first and for pass@1 then. */
export type AlgorithmSchedule = Algorithm | ((step: number) => Algorithm)

/** Settings of online training. One of `objective` and `algorithm` is needed. */
export interface TrainOnlineOptions extends CallOptions {
  readonly policy: TrainablePolicy
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  /** What is maximised, by its exact policy gradient: `procedure.objective`, or one of `@posttrain/estimators`. */
  readonly objective?: Objective
  /** How, where the policy gradient is not wanted: a row of `algorithms`, or one of your own. */
  readonly algorithm?: AlgorithmSchedule
  /** What a KL penalty is measured against; default: the policy as it is when training starts. */
  readonly reference?: PolicySnapshot
  /** Default 100. */
  readonly steps?: number
  /** First step, when a run is resumed (default 0). */
  readonly startStep?: number
  /** Default 32, or all tasks if there are fewer. */
  readonly promptsPerStep?: number
  /** Default: twice what the algorithm needs, and at least 8. */
  readonly samplesPerPrompt?: number
  readonly maxTokens?: number
  /** Default: AdamW at 1e-4 after 10 warm-up steps. */
  readonly optimizer?: OptimizerSettings
  /** `throw` (default), or `exclude` unscored samples from their group. */
  readonly unscored?: Exclude<DenominatorPolicy, 'count-as-failure'>
  /** Groups that are scored at the same time (default 32). */
  readonly concurrency?: number
  readonly seed?: number
  /** Samples of the first step that an interrupted run had drawn already; they are not drawn again. */
  readonly drawn?: readonly Sample[]
  /** The time in milliseconds, for instance `performance.now`; absent: events carry no timings. */
  readonly clock?: () => number
}

/** The options with every default filled in. */
export interface TrainOnlineSettings extends Required<
  Omit<TrainOnlineOptions, 'objective' | 'algorithm' | 'reference' | 'signal' | 'maxTokens' | 'clock'>
> {
  readonly algorithmAt: (step: number) => Algorithm
  readonly reference: PolicySnapshot | undefined
  readonly maxTokens: number | undefined
  readonly call: CallOptions
  readonly clock: (() => number) | undefined
}

/** Fills in the defaults and refuses, before anything is drawn, what cannot work. */
export function checkedSettings(options: TrainOnlineOptions): TrainOnlineSettings {
  const { policy, tasks, signal } = options
  const algorithmAt = scheduleOf(options)
  const startStep = requireInteger('startStep', options.startStep ?? 0, { min: 0 })
  const { minimumSamples } = algorithmAt(startStep).advantages
  if (tasks.length === 0) throw invalidArgument('tasks is empty')
  const settings: TrainOnlineSettings = {
    policy,
    tasks,
    reward: options.reward,
    algorithmAt,
    reference: options.reference,
    steps: requireInteger('steps', options.steps ?? 100, { min: 0 }),
    startStep,
    promptsPerStep: requireInteger('promptsPerStep', options.promptsPerStep ?? Math.min(32, tasks.length), { min: 1 }),
    samplesPerPrompt: requireInteger('samplesPerPrompt', options.samplesPerPrompt ?? Math.max(8, 2 * minimumSamples), {
      min: 1,
    }),
    maxTokens: options.maxTokens,
    optimizer: options.optimizer ?? { learningRate: linearWarmup(1e-4, 10) },
    unscored: options.unscored ?? 'throw',
    concurrency: requireInteger('concurrency', options.concurrency ?? 32, { min: 1 }),
    seed: options.seed ?? 0,
    drawn: options.drawn ?? [],
    call: signal ? { signal } : {},
    clock: options.clock,
  }
  requireWorkable(algorithmAt(startStep), settings)
  return settings
}

function scheduleOf({ objective, algorithm }: TrainOnlineOptions): (step: number) => Algorithm {
  if (typeof algorithm === 'function') return algorithm
  if (!algorithm && !objective) throw invalidArgument('neither objective nor algorithm is given', 'give one of them')
  if (algorithm && objective && algorithm.objective.name !== objective.name) {
    throw invalidArgument(
      `the algorithm ${algorithm.name} maximises ${algorithm.objective.name}, but the objective is ${objective.name}`,
      'give one of them',
    )
  }
  const chosen = algorithm ?? policyGradient(objective!)
  return () => chosen
}

/** Refuses an algorithm that the policy or the group size cannot serve. */
export function requireWorkable(algorithm: Algorithm, { policy, samplesPerPrompt }: TrainOnlineSettings): void {
  const { name, advantages, loss, flow = {} } = algorithm
  requireEnoughSamples(`the algorithm ${name}`, advantages.minimumSamples, samplesPerPrompt)
  requireEnoughSamples(`the objective ${algorithm.objective.name}`, algorithm.objective.k, samplesPerPrompt)
  if (loss.pairs)
    throw unsupported(`the loss ${loss.name} compares pairs of completions`, 'train on pairs with trainOffline')
  const updates = requireInteger('epochs', flow.epochs ?? 1, { min: 1 }) * (flow.minibatches ?? 1)
  for (const score of penalisedLoss(algorithm).needs) {
    if (policy.differentiable.has(score)) continue
    throw unsupported(
      `${name} differentiates ${score}, which this policy cannot`,
      `this policy differentiates ${[...policy.differentiable].join(', ')}`,
    )
  }
  if (advantages.needs.includes('values') && !policy.differentiable.has('value')) {
    throw unsupported(`${name} needs a value head, which this policy lacks`)
  }
  if (updates > 1 && loss.onPolicy) {
    throw unsupported(
      `the loss ${loss.name} is right for one update per batch of samples, but ${name} takes ${updates}`,
      'use a loss with an importance ratio, for instance ppoClipLoss()',
    )
  }
}

/** True if an algorithm compares the policy with the reference. */
export const needsReference = ({ kl, advantages, loss }: Algorithm): boolean =>
  kl !== undefined || advantages.needs.includes('reference-logprobs') || loss.needs.includes('referenceKl')
