import { invalidArgument, requireBudgetRules, type BudgetRules, type Group, type Procedure } from '@posttrain/core'
import type { Allocation } from './allocation/allocation.js'
import { requireAllocation } from './allocation/require-allocation.js'
import { requireProcedure } from './checks/require-functions.js'
import { runAllocationGroups } from './run-allocation-groups.js'
import { runGroups, type RunGroupsOptions } from './run-groups.js'

/** What is measured, as far as it could be run. */
export interface Runnable {
  readonly procedure?: Procedure | undefined
  readonly allocation?: Allocation | undefined
  readonly rules?: BudgetRules | undefined
}

/** What is run. */
export interface Runner {
  readonly name: string
  readonly groups: (options: RunGroupsOptions) => AsyncGenerator<Group>
}

/**
 * What is run rather than estimated from independent samples: an allocation, a procedure without an objective, and any
 * procedure under rules, for they change what it draws.
 *
 * @throws PosttrainError `invalid-argument` for something else than a procedure or an allocation, both of them, or
 *   rules that nothing keeps
 */
export function whatRuns({ procedure, allocation, rules }: Runnable): Runner | undefined {
  if (procedure !== undefined) requireProcedure('procedure', procedure)
  if (allocation !== undefined) requireAllocation('allocation', allocation)
  if (rules !== undefined) requireBudgetRules(rules)
  if (procedure && allocation) throw invalidArgument('both procedure and allocation are given', 'give one of them')
  if (allocation) {
    return { name: allocation.name, groups: (options) => runAllocationGroups(allocation, options) }
  }
  if (procedure && (rules || !procedure.objective)) {
    return { name: procedure.name, groups: (options) => runGroups(procedure, options) }
  }
  if (!rules) return undefined
  throw invalidArgument(
    'rules are given, but nothing that keeps them',
    'give a procedure or an allocation: samples alone have no rules',
  )
}
