import {
  invalidArgument,
  requireEnoughSamples,
  requireInteger,
  unsupported,
  type CallOptions,
  type DenominatorPolicy,
  type Loss,
  type Objective,
  type RewardFunction,
  type Task,
  type TrainablePolicy,
} from '@posttrain/core'
import { policyGradientLoss } from '../losses/policy-gradient.js'
import { linearWarmup, type OptimizerSettings } from '../schedule.js'

/** Settings of online training. */
export interface TrainOnlineOptions extends CallOptions {
  readonly policy: TrainablePolicy
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  /** What is maximised: `procedure.objective`, or one of `@posttrain/estimators`. */
  readonly objective: Objective
  /** Default 100. */
  readonly steps?: number
  /** First step, when a run is resumed (default 0). */
  readonly startStep?: number
  /** Default 32, or all tasks if there are fewer. */
  readonly promptsPerStep?: number
  /** Default: twice what the objective needs, and at least 8. */
  readonly samplesPerPrompt?: number
  readonly maxTokens?: number
  /** Default: AdamW at 1e-4 after 10 warm-up steps. */
  readonly optimizer?: OptimizerSettings
  /** Default: `policyGradientLoss()`. */
  readonly loss?: Loss
  /** Updates per batch of samples (default 1, on-policy); more need a loss with an importance ratio. */
  readonly epochs?: number
  /** `throw` (default), or `exclude` unscored samples from their group. */
  readonly unscored?: Exclude<DenominatorPolicy, 'count-as-failure'>
  readonly seed?: number
}

/** The options with every default filled in. */
export type TrainOnlineSettings = Required<Omit<TrainOnlineOptions, 'signal' | 'maxTokens'>> &
  Pick<TrainOnlineOptions, 'signal' | 'maxTokens'>

/** Fills in the defaults and refuses, before anything is drawn, what cannot work. */
export function checkedSettings(options: TrainOnlineOptions): TrainOnlineSettings {
  const { objective, policy, tasks } = options
  const settings: TrainOnlineSettings = {
    steps: 100,
    startStep: 0,
    promptsPerStep: Math.min(32, tasks.length),
    samplesPerPrompt: Math.max(8, 2 * objective.minimumSamples),
    optimizer: { learningRate: linearWarmup(1e-4, 10) },
    loss: policyGradientLoss(),
    epochs: 1,
    unscored: 'throw',
    seed: 0,
    ...options,
  }
  const { loss } = settings
  if (tasks.length === 0) throw invalidArgument('tasks is empty')
  requireInteger('steps', settings.steps, { min: 0 })
  requireInteger('startStep', settings.startStep, { min: 0 })
  requireInteger('promptsPerStep', settings.promptsPerStep, { min: 1 })
  requireInteger('samplesPerPrompt', settings.samplesPerPrompt, { min: 1 })
  requireInteger('epochs', settings.epochs, { min: 1 })
  requireEnoughSamples(`the objective ${objective.name}`, objective.minimumSamples, settings.samplesPerPrompt)
  for (const name of loss.needs) {
    if (!policy.differentiable.has(name)) {
      throw unsupported(`the loss ${loss.name} differentiates ${name}, which this policy cannot`)
    }
  }
  if (loss.onPolicy && settings.epochs > 1) {
    throw invalidArgument(
      `epochs is ${settings.epochs}, but the loss ${loss.name} is right for one update per batch of samples`,
      'use a loss with an importance ratio, for instance ppoClipLoss()',
    )
  }
  return settings
}
