import {
  invalidArgument,
  requireInteger,
  requireSameProvenance,
  unsupported,
  type CallOptions,
  type Loss,
  type Policy,
  type PolicySnapshot,
  type ScoreRequest,
  type TrainablePolicy,
} from '@posttrain/core'
import type { Aggregation } from '../aggregation.js'
import type { OptimizerSettings } from '../schedule.js'
import type { OfflineItem } from './item.js'

/** Settings of offline training. */
export interface TrainOfflineOptions extends CallOptions {
  readonly policy: TrainablePolicy
  readonly loss: Loss
  /** The items of a step, a pure function of it: `shuffledBatches(items, size, seed)`, or one of your own. */
  readonly batch: (step: number) => readonly OfflineItem[]
  readonly steps: number
  /** First step, when a run is resumed (default 0). */
  readonly startStep?: number
  /** What preference losses and KL penalties compare the policy with; a snapshot, where the exact KL is needed. */
  readonly reference?: Policy
  /** Default `sequenceSum()`: the mean over items of what the loss says of each. */
  readonly aggregation?: Aggregation
  /** With `refuseAbove`, a gradient of a larger norm stops the run. */
  readonly optimizer: OptimizerSettings
  /** The time in milliseconds, for instance `performance.now`; absent: events carry no timings. */
  readonly clock?: () => number
}

/** Refuses, before the first forward pass, what cannot work. @returns the scores to ask the policy for */
export function checkedRequest({ policy, loss, steps, startStep, reference }: TrainOfflineOptions): ScoreRequest {
  requireInteger('steps', steps, { min: 0 })
  requireInteger('startStep', startStep ?? 0, { min: 0 })
  for (const score of loss.needs) {
    if (policy.differentiable.has(score)) continue
    throw unsupported(
      `the loss ${loss.name} differentiates ${score}, which this policy cannot`,
      `this policy differentiates ${[...policy.differentiable].join(', ')}`,
    )
  }
  if (loss.onPolicy) {
    throw unsupported(
      `the loss ${loss.name} is right for samples of the present policy alone, and these are not`,
      'use supervisedLoss() with weights, or a loss with an importance ratio',
    )
  }
  if (reference === policy) throw invalidArgument('reference is the policy itself', 'give await policy.snapshot()')
  if (reference) requireSameProvenance(reference.provenance, policy.provenance)
  return {
    entropy: loss.needs.includes('entropy'),
    value: loss.needs.includes('value'),
    ...(loss.needs.includes('referenceKl') ? { reference: snapshotOf(reference, loss) } : {}),
  }
}

function snapshotOf(reference: Policy | undefined, loss: Loss): PolicySnapshot {
  if (reference && isSnapshot(reference)) return reference
  throw invalidArgument(
    `the loss ${loss.name} needs the exact KL to a reference, but reference is ${reference ? 'no snapshot' : 'absent'}`,
    'give await policy.snapshot(), taken before training',
  )
}

const isSnapshot = (policy: Policy): policy is PolicySnapshot => 'version' in policy && 'dispose' in policy
