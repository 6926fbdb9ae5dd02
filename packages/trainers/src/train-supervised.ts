import type { CallOptions, TokenSequence, TrainablePolicy } from '@posttrain/core'
import { tokenMean } from './aggregation.js'
import { supervisedLoss } from './losses/supervised.js'
import { trainOffline } from './offline/train-offline.js'
import type { OptimizerSettings } from './schedule.js'

/** Settings of supervised training. */
export interface TrainSupervisedOptions extends CallOptions {
  readonly policy: TrainablePolicy
  /** The sequences of a step; a pure function of the step makes a run that can be resumed. */
  readonly batch: (step: number) => readonly TokenSequence[]
  readonly steps: number
  /** First step, when a run is resumed (default 0). */
  readonly startStep?: number
  readonly optimizer: OptimizerSettings
}

/** One step of supervised training. */
export interface SupervisedStep {
  readonly step: number
  /** Mean negative log-likelihood per completion token, in nats, before the update. */
  readonly loss: number
  readonly tokens: number
  readonly gradientNorm: number
}

/**
 * Supervised training on completions; prompts carry no loss. It is `trainOffline` with the mean over tokens of the supervised
 * loss, and throws where that stops. Yields after each step, so that progress, evaluation and checkpoints are the caller's.
 *
 * @throws PosttrainError `aborted` between steps when the signal fires; `exploded` for a loss or gradient that is not
 *   finite: the policy is then as it was before that step
 */
export async function* trainSupervised(options: TrainSupervisedOptions): AsyncGenerator<SupervisedStep> {
  for await (const event of trainOffline({ ...options, loss: supervisedLoss(), aggregation: tokenMean() })) {
    if (event.kind === 'stopped') throw event.reason
    const { step, loss, tokens, gradientNorm } = event
    yield { step, loss, tokens, gradientNorm }
  }
}
