import { mean } from '@posttrain/core'
import type { BudgetUnit } from './choose-by-difficulty.js'
import type { MeasuredTask } from './measure-procedures.js'

/** A value and a cost of each task. */
export interface Spent {
  readonly value: number
  readonly cost: number
}

/**
 * What each task is worth if all get the same width at a given mean cost: where no width costs just that, a share of
 * the draws gets the width below and the rest the one above. Below the narrowest all get that, beyond the widest that.
 *
 * @param widths (widths)(tasks), at least one
 */
export function uniformAtCost(
  widths: readonly (readonly MeasuredTask[])[],
  cost: number,
  unit: BudgetUnit,
): readonly Spent[] {
  const priced = widths
    .map((tasks) => ({ tasks, cost: mean(tasks.map((task) => task[unit])) }))
    .sort((a, b) => a.cost - b.cost)
  const above = priced.find((width) => width.cost >= cost) ?? priced.at(-1)!
  const below = priced.filter((width) => width.cost <= cost).at(-1) ?? above
  const reach = above.cost - below.cost
  const share = reach > 0 ? (cost - below.cost) / reach : 1
  const mixed = (low: number, high: number): number => low + share * (high - low)
  return above.tasks.map((task, i) => {
    const narrow = below.tasks[i]!
    return { value: mixed(narrow.value, task.value), cost: mixed(narrow[unit], task[unit]) }
  })
}
