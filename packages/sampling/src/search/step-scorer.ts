import { invalidData, type RewardFunction } from '@posttrain/core'
import { aggregateScores, type StepAggregation } from '../aggregate-steps.js'
import type { SearchNode } from './search-node.js'
import type { SearchRun } from './search-run.js'

/** How the scores of steps become what a search chooses by; the `product` orders as its logarithm does. */
export type SearchAggregation = Exclude<StepAggregation, 'log-product'>

/** Scores completions on their way. */
export interface StepScorer {
  readonly name: string
  /** One list per node, the scores of all its steps; `null` of a node that cannot be scored. */
  score(run: SearchRun, nodes: readonly SearchNode[]): Promise<readonly (readonly number[] | null)[]>
}

/**
 * The scores of a process reward: `steps` of its outcome where it gives them; otherwise its reward of the text so far
 * is the score of the last step.
 */
export const rewardScorer = (by: RewardFunction): StepScorer => ({
  name: by.name,
  async score(run, nodes) {
    const outcomes = await run.judge(
      by,
      nodes.map(({ sample }) => sample!),
    )
    return nodes.map(({ steps }, i) => {
      const outcome = outcomes[i]!
      if (outcome.kind === 'unscored') return null
      const given = outcome.steps ?? []
      return given.length > 0 ? given.map(({ reward }) => reward) : [...steps, outcome.reward]
    })
  },
})

/** @throws PosttrainError `invalid-data`, naming who scored, for scores that cannot be aggregated so */
export function aggregated(name: string, where: string, steps: readonly number[], how: SearchAggregation): number {
  try {
    return aggregateScores(steps, how)
  } catch (error) {
    const hint = "give scores from 0 to 1, or aggregate by 'last', 'min' or 'mean'"
    throw invalidData(`the scores of ${name} ${where} have no ${how}: ${steps.join(', ')}`, hint, error)
  }
}
