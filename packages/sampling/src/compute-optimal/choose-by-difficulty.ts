import { sum } from '@posttrain/core'
import { bestWithinBudget } from './best-within-budget.js'
import { difficultyBin, difficultyEdges } from './difficulty-bins.js'
import type { MeasuredTask } from './measure-procedures.js'

/** Which procedure is run at which difficulty. */
export interface DifficultyChoice {
  /** The greatest difficulty of each bin but the last, ascending. */
  readonly edges: readonly number[]
  /** (bins): the name of a procedure. */
  readonly procedures: readonly string[]
}

/** What a budget is counted in. */
export type BudgetUnit = 'tokens' | 'samples'

/** Tasks whose difficulty is known, and what each of several procedures is worth on them. */
export interface MeasuredTable {
  readonly names: readonly string[]
  /** (tasks) */
  readonly difficulties: readonly number[]
  /** (procedures)(tasks) */
  readonly entries: readonly (readonly MeasuredTask[])[]
}

/** The rows of some tasks. */
export const onTasks = ({ names, difficulties, entries }: MeasuredTable, tasks: readonly number[]): MeasuredTable => ({
  names,
  difficulties: tasks.map((task) => difficulties[task]!),
  entries: entries.map((row) => tasks.map((task) => row[task]!)),
})

/** The procedure of each bin for the greatest value of all tasks, at a mean cost of at most the budget. */
export function chooseByDifficulty(
  { names, difficulties, entries }: MeasuredTable,
  { bins, budget, unit }: { readonly bins: number; readonly budget: number; readonly unit: BudgetUnit },
): DifficultyChoice {
  const edges = difficultyEdges(difficulties, bins)
  const binOf = difficulties.map((difficulty) => difficultyBin(difficulty, edges))
  const lists = Array.from({ length: edges.length + 1 }, (_, bin) =>
    entries.map((row) => {
      const inBin = row.filter((_, task) => binOf[task] === bin)
      const perTask = (of: readonly number[]): number => sum(of) / difficulties.length
      return { value: perTask(inBin.map(({ value }) => value)), cost: perTask(inBin.map((entry) => entry[unit])) }
    }),
  )
  const picks = bestWithinBudget(lists, budget)
  return { edges, procedures: picks.map((pick) => names[pick]!) }
}
