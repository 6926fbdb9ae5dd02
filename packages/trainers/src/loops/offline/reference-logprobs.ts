import { PosttrainError, requireSameProvenance, scoreOf, type CallOptions, type Scorer } from '@posttrain/core'
import { askScores } from '../ask-policy.js'
import { sequencesOf, type OfflineItem } from './item.js'

/** Log-probs of the sequences of items under a reference, by item. */
export type ReferenceLogprobs = (
  items: readonly OfflineItem[],
) => Promise<readonly (readonly Float64Array[] | undefined)[]>

/**
 * Scores each item once under the reference and remembers what it said, for as long as the item itself is in use: items
 * that are the same objects in every epoch cost one pass over the data.
 *
 * @param model the one that learns, whose log-probs are compared with the reference's
 * @throws PosttrainError `provenance-mismatch` for a reference whose log-probs do not compare, or whose weights change
 */
export function referenceLogprobs(
  reference: Scorer | undefined,
  model: Scorer,
  options: CallOptions,
): ReferenceLogprobs {
  if (!reference) return async (items) => items.map(() => undefined)
  requireSameProvenance(reference.provenance, model.provenance)
  const before = weightsOf(reference)
  const known = new WeakMap<OfflineItem, readonly Float64Array[]>()
  return async (items) => {
    const fresh = [...new Set(items)].filter((item) => !known.has(item))
    if (fresh.length > 0) {
      if (weightsOf(reference) !== before) {
        throw new PosttrainError(
          'provenance-mismatch',
          `the reference's weights were ${before} and are ${weightsOf(reference)}`,
          'give a snapshot of it',
        )
      }
      const scores = await askScores('the reference', reference, fresh.flatMap(sequencesOf), {}, options)
      let next = 0
      for (const item of fresh) {
        known.set(
          item,
          sequencesOf(item).map(() => scoreOf(scores[next++]!, 'logprob')),
        )
      }
    }
    return items.map((item) => known.get(item))
  }
}

const weightsOf = ({ provenance: { weights, step } }: Scorer): string =>
  step === undefined ? weights : `${weights} at step ${step}`
