import { invalidArgument, requireInteger, requireSameProvenance, unsupported } from '@posttrain/core'
import type { CallOptions, Loss, PolicySnapshot, Scorer, ScoreRequest, Trainable } from '@posttrain/core'
import type { Aggregation } from '@posttrain/losses'
import { requireOptimizer, type OptimizerSettings } from '../schedule.js'
import { correctsForEngine } from './batch-constants.js'
import type { OfflineItem } from './item.js'

/** Settings of offline training. */
export interface TrainOfflineOptions extends CallOptions {
  /** What learns: a policy, a reward model, a process reward model. */
  readonly model: Trainable
  readonly loss: Loss
  /** The items of a step, a pure function of it: `shuffledBatches(items, size, seed)`, or one of your own. */
  readonly batch: (step: number) => readonly OfflineItem[]
  /** At least 0. */
  readonly steps: number
  /** First step, when a run is resumed; at least 0 (default 0). */
  readonly startStep?: number | undefined
  /** What preference losses and KL penalties compare the model with; a snapshot, where the exact KL is needed. */
  readonly reference?: Scorer | undefined
  /** Default `sequenceSum()`: the mean over items of what the loss says of each. */
  readonly aggregation?: Aggregation | undefined
  /** With `refuseAbove`, a gradient of a larger norm stops the run. */
  readonly optimizer: OptimizerSettings
  /** The time in milliseconds, for instance `performance.now`; absent: events carry no timings. */
  readonly clock?: (() => number) | undefined
}

/** Refuses, before the first forward pass, what cannot work. @returns the scores to ask the model for */
export function checkedRequest(options: TrainOfflineOptions): ScoreRequest {
  const { model, loss, steps, startStep = 0, reference, optimizer } = options
  requireInteger('steps', steps, { min: 0 })
  requireInteger('startStep', startStep, { min: 0 })
  requireOptimizer(optimizer)
  const missing = loss.differentiates.find((score) => !model.differentiable.has(score))
  if (missing !== undefined) {
    throw unsupported(
      `the loss ${loss.name} differentiates ${missing}, which this model cannot`,
      `this model differentiates ${[...model.differentiable].join(', ')}`,
    )
  }
  if (loss.onPolicy) {
    throw unsupported(
      `the loss ${loss.name} is right for samples of the present policy alone, and these are not`,
      'use supervisedLoss() with weights, or a loss with an importance ratio',
    )
  }
  if (loss.reads.includes('referenceLogprob') && !reference) {
    throw invalidArgument(`the loss ${loss.name} reads referenceLogprob, and there is no reference`, 'give one')
  }
  if (reference === model) throw invalidArgument('reference is the model itself', 'give await policy.snapshot()')
  if (reference) requireSameProvenance(reference.provenance, model.provenance)
  const compares = loss.differentiates.includes('klToReference')
  return {
    scores: correctsForEngine(loss) ? [...new Set([...loss.differentiates, 'logprob' as const])] : loss.differentiates,
    reference: compares ? snapshotOf(reference, loss) : undefined,
  }
}

function snapshotOf(reference: Scorer | undefined, loss: Loss): PolicySnapshot {
  if (reference && isSnapshot(reference)) return reference
  throw invalidArgument(
    `the loss ${loss.name} needs the exact KL to a reference, but reference is ${reference ? 'no snapshot' : 'absent'}`,
    'give await policy.snapshot(), taken before training',
  )
}

const isSnapshot = (scorer: Scorer): scorer is PolicySnapshot => 'sample' in scorer && 'dispose' in scorer
