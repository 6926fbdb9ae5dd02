import { requireFinite, requireSameProvenance, scoreOf } from '@posttrain/core'
import type { Loss, LossConstants, Scorer, TokenScores, TokenSequence } from '@posttrain/core'
import type { Aggregation } from '@posttrain/losses'
import { sequencesOf, type OfflineItem } from './item.js'

/** How a batch is weighed and compared. */
export interface BatchContext {
  readonly aggregation: Aggregation
  /** Log-probs under the reference, by item and sequence; absent without a reference. */
  readonly references: readonly (readonly Float64Array[] | undefined)[]
  readonly model: Scorer
  readonly loss: Loss
}

/** Whether a loss corrects for samples of another engine: it compares what was recorded with what the model says. */
export const correctsForEngine = ({ reads }: Loss): boolean =>
  reads.includes('rolloutLogprob') && reads.includes('oldLogprob')

/**
 * What the loss may use beside the scores, for each sequence of a batch in order. Each item is a prompt of its own to
 * the aggregation, so that `sequenceSum()` is the mean over items; both sequences of a pair carry the pair's weight.
 *
 * @param scores of the sequences; a batch serves one update, so that the policy it starts from is the present one
 */
export function batchConstants(
  items: readonly OfflineItem[],
  { aggregation, references, model, loss }: BatchContext,
  scores: readonly TokenScores[],
): readonly LossConstants[] {
  const groups = items.map(sequencesOf)
  const corrects = correctsForEngine(loss)
  const compares = loss.reads.includes('rolloutLogprob') || loss.reads.includes('oldLogprob')
  const weights = aggregation.weights(groups.flat().map((sequence) => [chosenTokens(sequence)]))
  let next = 0
  return groups.flatMap((group, g) =>
    group.map(({ weight = 1, advantage = 1, logprobs, valueTarget, margin }, i): LossConstants => {
      requireFinite(`weight of item ${g} of the batch`, weight)
      // A loss that corrects for samplers takes those of another provenance; to others that read them they do not
      // compare.
      if (logprobs && compares && !corrects) requireSameProvenance(logprobs.provenance, model.provenance)
      const at = next++
      return {
        weight: weight * group.length * weights[at]![0]!,
        advantage,
        rolloutLogprob: logprobs?.values,
        oldLogprob: corrects ? scoreOf(scores[at]!, 'logprob') : logprobs?.values,
        referenceLogprob: references[g]?.[i],
        valueTarget,
        margin,
      }
    }),
  )
}

/** Tokens that a sequence has scores of. */
export const chosenTokens = ({ tokens, mask }: Pick<TokenSequence, 'tokens' | 'mask'>): number =>
  mask ? mask.reduce((count, one) => count + one, 0) : tokens.length
