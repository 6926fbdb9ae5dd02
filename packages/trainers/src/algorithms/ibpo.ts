import { meanObjective } from '@posttrain/estimators'
import { policyGradientLoss, sequenceSum } from '@posttrain/losses'
import { budgetedImitation, type BudgetedImitationOptions } from '../budget/budgeted-imitation.js'
import type { Algorithm } from './algorithm.js'

/**
 * Inference-budget-constrained policy optimisation (Yu et al. 2025, https://arxiv.org/abs/2501.17974): the most reward
 * for which no more than a share of prompts is answered expensively. Advantages are the weights of `budgetedImitation`,
 * and the loss is the weighted likelihood −Σ w·log π(y).
 *
 * The budget is shared by the prompts of a step: raise `promptsPerStep` rather than accumulate batches.
 * `expensiveDensity` measures what it came to.
 *
 * It imitates what was drawn. A prompt that drew no standard response and is not chosen for expensive ones has nothing
 * to imitate and is left out, so that a policy which answers a prompt expensively every time is not moved away from it:
 * begin from one that answers both ways, or draw enough samples to see both.
 *
 * @throws PosttrainError `invalid-argument` as `budgetedImitation`
 * @example
 * ```ts
 * const row = ibpo({ costGroupOf: ({ text }) => (text.length > 9 ? 1 : 0), budgets: [{ groups: [1], share: 0.25 }] })
 * row.advantages.name // => 'imitation within 0.25 of group 1'
 * ```
 */
export const ibpo = (options: BudgetedImitationOptions): Algorithm => ({
  name: 'ibpo',
  paper: 'https://arxiv.org/abs/2501.17974',
  objective: meanObjective(),
  advantages: budgetedImitation(options),
  // A projection on fixed weights: unlike a policy gradient it may take several updates from one batch.
  loss: { ...policyGradientLoss(), name: 'weighted-likelihood', onPolicy: undefined },
  aggregation: sequenceSum(),
})
