import { callCallerNow, invalidArgument, letEventsRun, PosttrainError, throwIfAborted } from '@posttrain/core'
import type { ScoreRequest } from '@posttrain/core'
import { sequenceSum } from '@posttrain/losses'
import type { TrainingStopped } from '../online/events.js'
import { askLoss } from '../ask-loss.js'
import { askForward, askStep } from '../ask-policy.js'
import { optimizerAt } from '../schedule.js'
import { chosenTokens } from '../chosen-tokens.js'
import { batchConstants } from './batch-constants.js'
import { requireItems, sequencesOf } from './item.js'
import { referenceLogprobs, type ReferenceLogprobs } from './reference-logprobs.js'
import { checkedRequest, type TrainOfflineOptions } from './settings.js'

/** One step of offline training. */
export interface OfflineStep {
  readonly kind: 'step'
  readonly step: number
  /** Of the batch, before the update. */
  readonly loss: number
  /** Diagnostics of the loss. */
  readonly metrics: Readonly<Record<string, number>>
  /** Chosen tokens that were learned from; those of both sides of a pair. */
  readonly tokens: number
  readonly gradientNorm: number | undefined
  /**
   * Milliseconds by the caller's clock: making the batch with scoring new items under the reference, and the update.
   */
  readonly timings?: { readonly data: number; readonly update: number } | undefined
}

/** What `trainOffline` yields. */
export type OfflineEvent = OfflineStep | TrainingStopped

/**
 * Offline training: step down any loss on given sequences or preference pairs. Yields an event after each step, so that
 * progress, evaluation and checkpoints are the caller's. With `startStep` and `model.load(checkpoint)` it continues the
 * uninterrupted run, bit for bit on one device.
 *
 * A step whose loss or gradient is not finite, or whose gradient is above `optimizer.refuseAbove`, is not taken: the
 * last event, `stopped`, holds the state before it.
 *
 * @throws PosttrainError before the first forward pass for a score the model cannot differentiate, an on-policy loss or
 *   a reference that does not compare; `invalid-argument` for a batch without tokens or of the wrong kind of items;
 *   `aborted` between steps when the signal fires
 * @example
 * ```ts
 * import { supervisedLoss } from '@posttrain/losses'
 * import { TabularPolicy } from '@posttrain/models'
 *
 * const policy = new TabularPolicy({ prompts: ['coin'], words: ['heads', 'tails'] })
 * const data = [{ prompt: 'coin', tokens: [0] }]
 * const optimizer = { learningRate: 0.1 }
 * const training = trainOffline({ model: policy, loss: supervisedLoss(), batch: () => data, steps: 100, optimizer })
 * for await (const event of training) if (event.kind === 'stopped') throw event.reason
 * const [heads] = await policy.completions('coin')
 * heads!.probability > 0.99 // => true
 * ```
 */
export async function* trainOffline(options: TrainOfflineOptions): AsyncGenerator<OfflineEvent> {
  const { model, steps, startStep = 0, signal } = options
  const request = checkedRequest(options)
  const referencesOf = referenceLogprobs(options.reference, model, { signal })
  for (let step = startStep; step < steps; step++) {
    await letEventsRun()
    throwIfAborted(signal)
    let event: OfflineEvent
    try {
      event = await takeStep(options, request, referencesOf, step)
    } catch (error) {
      if (!(error instanceof PosttrainError) || error.code !== 'exploded') throw error
      event = { kind: 'stopped', step, reason: error, checkpoint: await model.save({ optimizer: true }) }
    }
    yield event
    if (event.kind === 'stopped') return
  }
}

/** @throws PosttrainError `exploded` for a loss or gradient that is not finite, before the model has changed by it */
async function takeStep(
  options: TrainOfflineOptions,
  request: ScoreRequest,
  referencesOf: ReferenceLogprobs,
  step: number,
): Promise<OfflineStep> {
  const { model, loss, batch, aggregation = sequenceSum(), optimizer, clock, signal } = options
  const started = clock?.()
  const items = callCallerNow('batch', `at step ${step}`, () => batch(step))
  requireItems(items, loss.pairs === true, loss.name)
  const sequences = items.flatMap(sequencesOf)
  const tokens = sequences.reduce((count, sequence) => count + chosenTokens(sequence), 0)
  if (tokens === 0) throw invalidArgument(`batch(${step}) has no completion tokens`)
  const references = await referencesOf(items)
  const ready = clock?.()
  const pass = await askForward('the model', model, sequences, request, { signal })
  try {
    const constants = batchConstants(items, { aggregation, references, model, loss }, pass.scores)
    const { value, cotangents, metrics } = askLoss(loss, step, pass.scores, constants)
    const gradientNorm = await askStep('the model', model, pass, cotangents, optimizerAt(optimizer, step))
    const timings = clock && { data: ready! - started!, update: clock() - ready! }
    return { kind: 'step', step, loss: value, metrics, tokens, gradientNorm, timings }
  } finally {
    pass.dispose()
  }
}
