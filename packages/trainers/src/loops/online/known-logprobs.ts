import {
  invalidArgument,
  provenanceDifferences,
  requireSameProvenance,
  scoreOf,
  sequenceOf,
  shapingOf,
} from '@posttrain/core'
import type { LogprobProvenance, PolicySnapshot, Sample, ScoreName, TokenSequence } from '@posttrain/core'
import type { Algorithm } from '../../algorithms/algorithm.js'
import type { AdvantageInput } from '../../advantages/advantage-estimator.js'
import { askScores } from '../ask-policy.js'
import { penalisedLoss } from './penalised-loss.js'
import type { TrainOnlineOptions } from './settings.js'

/** Per group and sample (chosen tokens). */
export type BySample = readonly (readonly Float64Array[])[]

/** What is known of a step's samples under the policy before its first update, and under the reference. */
export interface KnownLogprobs {
  readonly sequences: readonly (readonly TokenSequence[])[]
  /**
   * Under the policy: recorded if the samples are of its present weights, otherwise scored anew if something reads
   * them.
   */
  readonly old: BySample | undefined
  readonly reference: BySample | undefined
  /** KL(π ‖ reference) of the next-token distributions, where a penalty in the reward is made of it. */
  readonly klToReference?: BySample | undefined
  readonly values: BySample | undefined
}

/** True if an algorithm compares the policy with a reference. */
export function needsReference(algorithm: Algorithm): boolean {
  const { reads, differentiates } = penalisedLoss(algorithm)
  return algorithm.kl !== undefined || reads.includes('referenceLogprob') || differentiates.includes('klToReference')
}

/** Asks the policy and the reference for what the algorithm needs to know. */
export async function knownLogprobs(
  { policy, sampling, signal }: TrainOnlineOptions,
  algorithm: Algorithm,
  reference: PolicySnapshot | undefined,
  groups: readonly AdvantageInput[],
): Promise<KnownLogprobs> {
  const sequences = groups.map(({ task, samples }) => samples.map((sample) => sequenceOf(task, sample)))
  const temperature = sampling?.temperature
  const ask = async (who: string, of: Pick<PolicySnapshot, 'score'>, name: ScoreName): Promise<BySample> => {
    const request = { scores: [name], temperature, reference: name === 'klToReference' ? reference : undefined }
    const scores = await askScores(who, of, sequences.flat(), request, { signal })
    let next = 0
    return sequences.map((group) => group.map(() => scoreOf(scores[next++]!, name)))
  }
  if (reference) requireSameProvenance(reference.provenance, policy.provenance)
  const isOwn = isOf({ ...policy.provenance, shaping: shapingOf({ temperature }) })
  const recorded = groups.flatMap(({ samples }) => samples).every(isOwn)
  const isRead = penalisedLoss(algorithm).reads.includes('oldLogprob') || reference !== undefined
  return {
    sequences,
    old: recorded
      ? groups.map(({ samples }) => samples.map(({ logprobs }) => Float64Array.from(logprobs!.values)))
      : isRead
        ? await ask('the policy', policy, 'logprob')
        : undefined,
    reference: reference && (await ask('the reference', reference, 'logprob')),
    klToReference: rewardsExactKl(algorithm) ? await ask('the policy', policy, 'klToReference') : undefined,
    values: algorithm.advantages.needs.includes('values') ? await ask('the policy', policy, 'value') : undefined,
  }
}

/** Whether a penalty in the reward is made of the exact KL of next-token distributions. */
const rewardsExactKl = ({ kl }: Algorithm): boolean =>
  kl !== undefined && kl.placement.places.includes('reward') && kl.placement.differentiates.includes('klToReference')

/** Whether a sample's log-probs are known to be those that the present weights would be scored with. */
const isOf =
  (trained: LogprobProvenance) =>
  ({ logprobs }: Sample): boolean => {
    if (!logprobs) return false
    const { provenance } = logprobs
    const isAlike = provenanceDifferences(provenance, trained).length === 0
    const isKnown = trained.step !== undefined && provenance.step === trained.step
    return isAlike && isKnown && provenance.weights === trained.weights
  }

/** The reference that an algorithm needs must be there. @throws PosttrainError `invalid-argument` otherwise */
export function requireReference(algorithm: Algorithm, reference: PolicySnapshot | undefined): void {
  if (reference || !needsReference(algorithm)) return
  throw invalidArgument(
    `${algorithm.name} compares the policy with a reference, and there is none`,
    'give the snapshot of the weights that training began with as reference',
  )
}
