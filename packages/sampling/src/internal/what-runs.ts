import { invalidArgument, requireBudgetRules, type BudgetRules, type Procedure } from '@posttrain/core'
import { requireProcedure } from '../checks/require-functions.js'

/** What is measured, as far as it could be run. */
export interface Runnable {
  readonly procedure?: Procedure | undefined
  readonly rules?: BudgetRules | undefined
}

/**
 * What is run rather than estimated from independent samples: a procedure without an objective, and any procedure under
 * rules, for they change what it draws.
 *
 * @throws PosttrainError `invalid-argument` for something else than a procedure, or rules that nothing keeps
 */
export function whatRuns({ procedure, rules }: Runnable): Procedure | undefined {
  if (procedure !== undefined) requireProcedure('procedure', procedure)
  if (rules === undefined) return procedure?.objective ? undefined : procedure
  requireBudgetRules(rules)
  if (procedure) return procedure
  throw invalidArgument('rules are given, but nothing that keeps them', 'give a procedure: samples alone have no rules')
}
