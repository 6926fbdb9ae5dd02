import { requireInteger } from './checks.js'
import { described } from './described.js'
import { invalidArgument } from './errors.js'
import type { Task } from './task.js'

/** An amount of inference. */
export interface Amount {
  readonly samples?: number | undefined
  /** Tokens drawn. */
  readonly tokens?: number | undefined
}

/**
 * What a person in charge demands of the compute that a task gets. Procedures and allocations may save within these
 * rules and never override them.
 */
export interface BudgetRules {
  /** Spent on every task before a rule may stop early or give up. */
  readonly floor?: Amount | undefined
  /** Never exceeded. A run that reaches it decides by what it has. */
  readonly cap?: Amount | undefined
  /** Tags, each with the values whose tasks always get the full budget: nothing stops them early. */
  readonly always?: Readonly<Record<string, readonly string[]>> | undefined
}

/**
 * Requires rules that can be kept.
 *
 * @throws PosttrainError `invalid-argument`, naming the rule, for an amount that is no count or a floor above the cap
 * @example
 * ```ts
 * requireBudgetRules({ floor: { samples: 2 }, cap: { samples: 16, tokens: 4096 } }) // => undefined
 * ```
 */
export function requireBudgetRules(rules: BudgetRules): void {
  if (typeof rules !== 'object' || rules === null) {
    throw invalidArgument(`rules is ${described(rules)}`, 'give { floor?, cap?, always? }')
  }
  const { floor = {}, cap = {}, always = {} } = rules
  for (const unit of ['samples', 'tokens'] as const) {
    const [least = 0, most = Infinity] = [floor[unit], cap[unit]]
    requireInteger(`floor.${unit}`, least, { min: 0 })
    if (most !== Infinity) requireInteger(`cap.${unit}`, most, { min: 1 })
    if (least <= most) continue
    throw invalidArgument(
      `the floor of ${least} ${unit} is above the cap of ${most}`,
      'lower the floor or raise the cap',
    )
  }
  for (const [tag, values] of Object.entries(always)) {
    const given: unknown = values
    if (Array.isArray(given) && given.every((value) => typeof value === 'string')) continue
    throw invalidArgument(`always.${tag} is ${described(given)}`, 'give the values of the tag as a list of texts')
  }
}

/**
 * Whether a task always gets the full budget.
 *
 * @example
 * ```ts
 * const task = { id: 'a', prompt: '?', tags: { customer: 'gold' } }
 * getsFullBudget(task, { always: { customer: ['gold', 'silver'] } }) // => true
 * ```
 */
export const getsFullBudget = ({ tags = {} }: Task, { always = {} }: BudgetRules): boolean =>
  Object.entries(always).some(([tag, values]) => Object.hasOwn(tags, tag) && values.includes(tags[tag]!))
