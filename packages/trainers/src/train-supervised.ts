import {
  invalidArgument,
  letEventsRun,
  requireInteger,
  throwIfAborted,
  type CallOptions,
  type TokenSequence,
  type TrainablePolicy,
} from '@posttrain/core'
import { supervisedLoss } from './losses/supervised.js'
import { optimizerAt, type OptimizerSettings } from './schedule.js'

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
 * Supervised training on completions; prompts carry no loss. Yields after each step, so that progress, evaluation and
 * checkpoints are the caller's.
 *
 * @throws PosttrainError `aborted` between steps when the signal fires
 */
export async function* trainSupervised(options: TrainSupervisedOptions): AsyncGenerator<SupervisedStep> {
  const { policy, batch, steps, startStep = 0, optimizer, signal } = options
  requireInteger('steps', steps, { min: 0 })
  const loss = supervisedLoss()
  for (let step = startStep; step < steps; step++) {
    await letEventsRun()
    throwIfAborted(signal)
    const sequences = batch(step)
    const tokens = sequences.reduce((sum, sequence) => sum + sequence.tokens.length, 0)
    if (tokens === 0) throw invalidArgument(`batch(${step}) has no completion tokens`)
    const pass = await policy.forward(sequences)
    const constants = sequences.map(() => ({ advantage: 1, weight: 1 / tokens }))
    const { value, cotangents } = loss.evaluate(pass.scores, constants)
    await pass.backward(cotangents)
    const { gradientNorm } = await policy.step(optimizerAt(optimizer, step))
    yield { step, loss: value, tokens, gradientNorm }
  }
}
