import {
  requireFinite,
  requireSameProvenance,
  type Loss,
  type LossConstants,
  type Policy,
  type TokenScores,
} from '@posttrain/core'
import type { Aggregation } from '../aggregation.js'
import { sequencesOf, type OfflineItem } from './item.js'

/** How a batch is weighed and compared. */
export interface BatchContext {
  readonly aggregation: Aggregation
  /** Log-probs under the reference, by item and sequence; absent without a reference. */
  readonly references: readonly (readonly Float64Array[] | undefined)[]
  readonly policy: Policy
  readonly loss: Loss
}

/**
 * What the loss may use beside the scores, for each sequence of a batch in order. Each item is a group of its own to the
 * aggregation, so that `sequenceSum()` is the mean over items.
 *
 * @param scores of the sequences; a batch serves one update, so that the policy it starts from is the present one
 */
export function batchConstants(
  items: readonly OfflineItem[],
  { aggregation, references, policy, loss }: BatchContext,
  scores: readonly TokenScores[],
): readonly LossConstants[] {
  const groups = items.map(sequencesOf)
  const weights = aggregation.weights(groups.map((group) => group.map(({ tokens }) => tokens.length)))
  let next = 0
  return groups.flatMap((group, g) =>
    group.map(({ weight = 1, advantage = 1, logprobs, returns }, i): LossConstants => {
      requireFinite(`weight of item ${g} of the batch`, weight)
      // A loss that reads startLogprob corrects for samplers of another provenance; to others they do not compare.
      if (logprobs && !loss.needsStartLogprob) requireSameProvenance(logprobs.provenance, policy.provenance)
      const referenceLogprob = references[g]?.[i]
      const startLogprob = scores[next++]!.logprob
      return {
        advantage,
        weight: weight * weights[g]![i]!,
        ...(logprobs ? { samplingLogprob: logprobs.values } : {}),
        ...(loss.needsStartLogprob ? { startLogprob } : {}),
        ...(referenceLogprob ? { referenceLogprob } : {}),
        ...(returns ? { returns } : {}),
      }
    }),
  )
}
