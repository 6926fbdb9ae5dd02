import { invalidArgument, type BudgetRules, type Objective, type Procedure } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import type { Allocation } from './allocation/allocation.js'

/** What is measured: a procedure, an allocation, objectives, or other objectives beside one of the former. */
export type Measured =
  | {
      readonly procedure: Procedure
      readonly allocation?: undefined
      /** Kept by every run: with rules, even empty ones, a procedure is run. */
      readonly rules?: BudgetRules | undefined
      readonly objectives?: readonly Objective[] | undefined
    }
  | {
      readonly procedure?: undefined
      readonly allocation: Allocation
      /** Kept by every run. */
      readonly rules?: BudgetRules | undefined
      readonly objectives?: readonly Objective[] | undefined
    }
  | {
      readonly procedure?: undefined
      readonly allocation?: undefined
      readonly rules?: undefined
      readonly objectives: readonly Objective[]
    }

/**
 * The procedure's objective first; of what is run the mean of what it answers.
 *
 * @param run name of what is run, if anything is
 * @throws PosttrainError `invalid-argument` where nothing is measured
 */
export function measuredObjectives(
  { procedure, objectives = [] }: Measured,
  run: string | undefined,
): readonly Objective[] {
  if (run !== undefined) return [{ ...meanObjective(), name: run }, ...objectives]
  if (procedure?.objective) return [procedure.objective, ...objectives]
  if (objectives.length > 0) return objectives
  throw invalidArgument(
    'neither procedure nor objectives are given, nor an allocation',
    'say what is measured by one of them',
  )
}
