import { invalidArgument, requireEnoughSamples, requireInteger, requireOneOf, sum } from '@posttrain/core'
import type { Sample, Task } from '@posttrain/core'
import type { AdvantageEstimator, AdvantageInput } from '../advantages/advantage-estimator.js'
import { byCost, type CostGroup } from './cost-groups.js'
import { selectGroups, type Budget } from './select-groups.js'
import { selectWithinBudget } from './select-within-budget.js'

/** What is scarce, and what costs. */
export interface BudgetedImitationOptions {
  /**
   * The cost group of a response: 0 is the cheapest. For instance by length, or by whether it contains extra trials.
   */
  readonly costGroupOf: (sample: Sample, task: Task) => number
  /** Number of cost groups (default 2: standard and expensive). */
  readonly groups?: number | undefined
  /** At most these shares, from 0 to 1, of prompts may be answered from these groups. */
  readonly budgets: readonly { readonly groups: readonly number[]; readonly share: number }[]
  /**
   * A prompt whose chosen group has no reward: `shorten` (default) imitates all its responses of the cheapest group
   * alike, which moves nothing but how often it is expensive; `skip` leaves it out, and then nothing holds it to the
   * budget.
   */
  readonly unsolved?: 'shorten' | 'skip' | undefined
}

/**
 * IBPO's two steps as weights (Yu et al. 2025, https://arxiv.org/abs/2501.17974): over the whole batch, choose the cost
 * group that answers each prompt so that the reward is greatest within the budgets; then imitate the chosen group's
 * responses in proportion to their reward, with advantages that are 1 on average per prompt. They are constants:
 * neither the choice nor the rewards are differentiated.
 *
 * The budget is met by the batch as a whole, ⌊q·B⌋ of B prompts, so that a batch of 3 under q = 0.5 gets 1: many
 * prompts per step are what accumulating batches is for. A prompt without a sample of a group cannot be given to it;
 * one whose standard responses are missing and that is not chosen for expensive ones is left out.
 *
 * With two groups and one budget on group 1 the choice is by `selectWithinBudget`, otherwise by `selectGroups`.
 *
 * @returns an estimator for rewards of at least 0
 * @throws PosttrainError `invalid-argument` for no budgets; its `advantages` for negative rewards
 * @example
 * ```ts
 * const costGroupOf = ({ text }: Sample) => (text.length > 9 ? 1 : 0)
 * const rule = budgetedImitation({ costGroupOf, budgets: [{ groups: [1], share: 0.5 }] })
 * rule.advantages([]) // => []
 * ```
 */
export function budgetedImitation(options: BudgetedImitationOptions): AdvantageEstimator {
  const { costGroupOf, groups = 2, budgets, unsolved = 'shorten' } = options
  requireInteger('groups', groups, { min: 2 })
  if (budgets.length === 0)
    throw invalidArgument('budgets is empty', 'give one, for instance { groups: [1], share: 0.5 }')
  requireOneOf('unsolved', unsolved, ['shorten', 'skip'])
  selectGroups([new Array<number>(groups).fill(0)], budgets) // checks the budgets before the first sample
  const name = `imitation within ${budgets.map(({ groups: g, share }) => `${share} of group ${g.join(' and ')}`).join(', ')}`
  return {
    name,
    target: 'mean',
    minimumSamples: 1,
    needs: [],
    bias: () => ({
      kind: 'direction-changing',
      reason: 'it imitates what is best within the budgets and has no gradient of its own',
    }),
    advantages(judged) {
      const costs = judged.map(({ task, samples, outcomes }) => {
        requireEnoughSamples(name, 1, outcomes.length)
        return byCost(task, samples, outcomes, costGroupOf, groups)
      })
      const chosen = choose(costs, budgets)
      return judged.map((group, x) => ({ advantages: weights(group, costs[x]!, chosen[x], unsolved) }))
    },
  }
}

function choose(costs: readonly (readonly CostGroup[])[], budgets: readonly Budget[]): (number | undefined)[] {
  const [only] = budgets
  const simple = budgets.length === 1 && only!.groups.length === 1 && only!.groups[0] === 1
  if (!simple || costs.some((groups) => groups.length !== 2)) {
    return selectGroups(
      costs.map((groups) => groups.map(({ reward }) => reward)),
      budgets,
    )
  }
  const margins = costs.map(([standard, expensive]) =>
    expensive!.reward === undefined ? undefined : expensive!.reward - (standard!.reward ?? 0),
  )
  return selectWithinBudget(margins, only!.share).map((expensive) => (expensive ? 1 : 0))
}

function weights(
  { task, outcomes }: AdvantageInput,
  costs: readonly CostGroup[],
  chosen: number | undefined,
  unsolved: 'shorten' | 'skip',
): number[] {
  const result = outcomes.map(({ reward }) => {
    if (!(reward >= 0))
      throw invalidArgument(`imitation needs rewards of at least 0, but task ${task.id} has ${reward}`)
    return 0
  })
  const members = chosen === undefined ? [] : costs[chosen]!.samples
  const n = outcomes.length
  const total = sum(members.map((i) => outcomes[i]!.reward))
  if (total > 0) for (const i of members) result[i] = (n * outcomes[i]!.reward) / total
  else if (unsolved === 'shorten') for (const i of costs[0]!.samples) result[i] = n / costs[0]!.samples.length
  return result
}
