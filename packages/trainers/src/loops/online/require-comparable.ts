import { invalidArgument, PosttrainError, provenanceDifferences, shapingOf } from '@posttrain/core'
import type { EnginePair, Group, LogprobProvenance, Logprobs, Loss } from '@posttrain/core'
import type { Algorithm } from '../../algorithms/algorithm.js'
import { drawDifferences } from '../draw-differences.js'
import { penalisedLoss } from './penalised-loss.js'
import type { TrainOnlineOptions } from './settings.js'

/** Where log-probs of samples come from, and what shaped the draw; undefined for samples that carry none. */
type Drawn = Pick<Logprobs, 'provenance' | 'drawn'> | undefined

/** What samples say of themselves, each once. */
export function recordedBy(groups: readonly Group[]): readonly Drawn[] {
  const found = new Map<string, Drawn>()
  for (const { samples } of groups) {
    for (const { logprobs, finish } of samples) {
      if (finish === 'failed') continue
      const { provenance, drawn } = logprobs ?? {}
      const key = provenance ? [...provenanceDifferences(provenance, NOTHING), JSON.stringify(drawn)].join() : ''
      found.set(key, provenance && { provenance, drawn })
    }
  }
  return [...found.values()]
}

const NOTHING: LogprobProvenance = { engine: '', dtype: 'unknown', weights: '' }

/**
 * Samples must be drawn from the distribution that is trained, by the engine that trains; by another engine if the loss
 * corrects for the difference, or an `enginePair` says why it may be ignored.
 *
 * @throws PosttrainError `provenance-mismatch` otherwise; `invalid-argument` for a loss that reads log-probs which are
 *   not recorded, or a pair without a reason
 */
export function requireComparable(
  algorithm: Algorithm,
  { policy, sampling = {}, enginePair }: TrainOnlineOptions,
  drawn: readonly Drawn[],
): void {
  if (enginePair && enginePair.because.trim() === '') {
    throw invalidArgument('enginePair.because must say why the difference may be ignored')
  }
  const loss = penalisedLoss(algorithm)
  const trained = { ...policy.provenance, shaping: shapingOf({ temperature: sampling.temperature }) }
  for (const samples of drawn) {
    if (samples) {
      requireDrawnAlike(algorithm.name, samples, trained)
      requireAlike(loss, samples.provenance, trained, enginePair)
    } else requireUnread(loss, algorithm.name, enginePair)
  }
}

/** What cut or heated the draw, however the log-probs were taken. */
function requireDrawnAlike(name: string, samples: NonNullable<Drawn>, { shaping }: LogprobProvenance): void {
  const differences = drawDifferences(samples, shaping)
  if (differences.length === 0) return
  throw new PosttrainError(
    'provenance-mismatch',
    `${name} trains another distribution than the samples were drawn from: ${differences.join(' and ')}`,
    'give the sampling options that they were drawn with; samples that are cut cannot be trained on',
  )
}

/** Samples that carry no log-probs. */
function requireUnread(loss: Loss, name: string, enginePair: EnginePair | undefined): void {
  if (loss.reads.includes('rolloutLogprob')) {
    throw invalidArgument(
      `${name} reads rolloutLogprob, which this run does not have`,
      'take a sampler that records log-probs',
    )
  }
  if (!enginePair) throw mismatch('the sampler does not say which engine its samples come from')
}

function requireAlike(
  loss: Loss,
  drawn: LogprobProvenance,
  trained: LogprobProvenance,
  enginePair: EnginePair | undefined,
): void {
  const differences = provenanceDifferences(drawn, trained).join(' and ')
  const readsRecorded = loss.reads.includes('rolloutLogprob')
  const sameShape = { ...drawn, engine: trained.engine, dtype: trained.dtype }
  if (readsRecorded && provenanceDifferences(sameShape, trained).length > 0) {
    throw mismatch(`${loss.name} compares recorded log-probs, which differ in ${differences}`)
  }
  const isSameEngine = drawn.engine === trained.engine && drawn.dtype === trained.dtype
  if (isSameEngine || (readsRecorded && loss.reads.includes('oldLogprob'))) return
  if (!enginePair) throw mismatch(`${drawn.engine} samples and ${trained.engine} trains: ${differences}`)
  const { sampling, training } = enginePair
  const isPair = (declared: EnginePair['sampling'], found: LogprobProvenance): boolean =>
    declared.engine === found.engine && declared.dtype === found.dtype
  if (isPair(sampling, drawn) && isPair(training, trained)) return
  throw mismatch(
    `enginePair is of ${sampling.engine} and ${training.engine}, but ${drawn.engine} samples and ${trained.engine} trains`,
  )
}

const mismatch = (message: string): PosttrainError =>
  new PosttrainError(
    'provenance-mismatch',
    message,
    'give the sampler a provenance, correct with truncatedImportance, or declare an enginePair with its reason',
  )
