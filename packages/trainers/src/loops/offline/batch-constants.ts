import { PosttrainError, requireFinite, requireSameProvenance, scoreOf, shapingOf } from '@posttrain/core'
import type { Logprobs, Loss, LossConstants, Scorer, TokenScores } from '@posttrain/core'
import type { Aggregation } from '@posttrain/losses'
import { drawDifferences } from '../draw-differences.js'
import { chosenTokens } from '../chosen-tokens.js'
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
      if (logprobs && compares) requireComparable(`item ${g} of the batch`, logprobs, model, loss)
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

/**
 * A loss that corrects for samplers takes log-probs of another engine, as long as they are of the distribution that was
 * drawn from, of which nothing was cut; to others that read them only those compare that are of the model's own.
 */
function requireComparable(item: string, logprobs: Logprobs, model: Scorer, loss: Loss): void {
  const corrects = correctsForEngine(loss)
  if (!corrects) requireSameProvenance(logprobs.provenance, model.provenance)
  const differences = drawDifferences(logprobs, (corrects ? logprobs : model).provenance.shaping)
  const cut = shapingOf({ ...(logprobs.drawn ?? logprobs.provenance.shaping), temperature: undefined })
  if (differences.length === 0 && !cut) return
  const found = differences.length > 0 ? differences.join(' and ') : Object.keys(cut!).join(' and ')
  throw new PosttrainError(
    'provenance-mismatch',
    `${item} was drawn with another ${found}, which the loss ${loss.name} does not correct for`,
    'learn from samples of the model itself, at temperature 1 and uncut, or by a loss without a ratio',
  )
}
