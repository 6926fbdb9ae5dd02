import type { Amount, BudgetRules } from '@posttrain/core'

/**
 * The rules of a run for which a client wants to spend no more than so much. A client can lower the cap of the person
 * in charge, but neither raise it nor go below the floor.
 */
export function rulesWithin(rules: BudgetRules, budget: Amount = {}): BudgetRules {
  const { floor = {}, cap = {} } = rules
  const least = (unit: keyof Amount): Amount => {
    const asked = budget[unit] === undefined ? undefined : Math.max(budget[unit], floor[unit] ?? 0)
    const most = Math.min(asked ?? Infinity, cap[unit] ?? Infinity)
    return most === Infinity ? {} : { [unit]: most }
  }
  return { ...rules, cap: { ...least('samples'), ...least('tokens') } }
}
