import type { OfflineSequence } from './item.js'
import { isSamePrompt } from './is-same-prompt.js'

/**
 * Batches for KTO, which compares with completions that belong to other prompts: after the items of each batch, every
 * item's prompt with the completion of the next item that has another prompt, labelled 0. A batch with one prompt stays
 * as it is.
 *
 * They count as items to the aggregation: where each item has one, `sequenceSum()` divides by twice as many, and loss
 * and gradient are half of those of the items alone. A step of AdamW is the same, up to its ε, as it does not depend on
 * the gradient's length; `maxGradientNorm` and `refuseAbove` do, and see half. Their reference log-probs are computed
 * anew in each batch.
 *
 * Ethayarajh et al. 2024, https://arxiv.org/abs/2402.01306
 *
 * @param batch labelled items, a pure function of the step: advantage 1 for desirable, −1 for undesirable
 * @example
 * ```ts
 * const items = ['x', 'y'].map((prompt, token) => ({ prompt, tokens: [token], advantage: 1 }))
 * withMismatched(() => items)(0).slice(2)
 * // => [{ prompt: 'x', tokens: [1], advantage: 0 }, { prompt: 'y', tokens: [0], advantage: 0 }]
 * ```
 */
export const withMismatched =
  (batch: (step: number) => readonly OfflineSequence[]): ((step: number) => readonly OfflineSequence[]) =>
  (step) => {
    const items = batch(step)
    const mismatched = items.flatMap(({ prompt }, i) => {
      const others = [...items.slice(i + 1), ...items.slice(0, i)]
      const other = others.find((item) => !isSamePrompt(item.prompt, prompt))
      if (!other) return []
      const { tokens, mask } = other
      return [{ prompt, tokens, advantage: 0, ...(mask && { mask }) }]
    })
    return [...items, ...mismatched]
  }
