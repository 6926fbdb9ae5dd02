import {
  createStream,
  invalidArgument,
  mean,
  requireFinite,
  requireInteger,
  requireOneOf,
  shuffled,
} from '@posttrain/core'
import type { Estimate } from '@posttrain/core'
import { meanEstimate, pairedDifference, type PairedDifference } from '@posttrain/estimators'
import { chooseByDifficulty, onTasks } from './choose-by-difficulty.js'
import type { BudgetUnit, DifficultyChoice, MeasuredTable } from './choose-by-difficulty.js'
import { difficultyBin } from './difficulty-bins.js'
import type { MeasuredProcedure } from './measure-procedures.js'
import { uniformAtCost, type Spent } from './uniform-at-cost.js'

/** What is chosen from, and within what. */
export interface ComputeOptimalOptions {
  /** The procedures and widths there are, measured on the same tasks. */
  readonly measured: readonly MeasuredProcedure[]
  /** (tasks), greater where harder: known before a task is solved, not read from the samples that are measured. */
  readonly difficulties: readonly number[]
  /** Names of those that are compared with: the widths of one procedure for all tasks, such as best-of-N. */
  readonly uniform: readonly string[]
  /** Cost of a task, on average. */
  readonly budget: number
  /** Default `tokens`. */
  readonly unit?: BudgetUnit | undefined
  /** Default 5. */
  readonly bins?: number | undefined
  /** Default 2. */
  readonly folds?: number | undefined
  /** Nominal coverage of the intervals (default 0.95). */
  readonly level?: number | undefined
  /** Of the folds, and of intervals that draw (default 0). */
  readonly seed?: number | undefined
}

/** A value over tasks, at a mean cost. */
export interface AtCost {
  readonly value: Estimate
  readonly cost: number
}

/** What choosing by difficulty gains. */
export interface ComputeOptimalReport {
  /** Fitted on all tasks: what `byDifficulty` deploys. */
  readonly choice: DifficultyChoice
  /** Fitted on the tasks of the other folds, and tested on as many. */
  readonly folds: readonly { readonly choice: DifficultyChoice; readonly tested: number }[]
  /** On tasks that the choice had not seen. */
  readonly chosen: AtCost
  /** On the same tasks at the same mean cost, as far as the widths reach. */
  readonly uniform: AtCost
  /** Of the chosen above the uniform, per task. */
  readonly difference: PairedDifference
}

/**
 * Compute-optimal choice (Snell et al. 2024, https://arxiv.org/abs/2408.03314): which procedure, and how wide, at which
 * difficulty. Tasks are parted into bins of equal size by difficulty; the choice of one procedure for each bin that has
 * the greatest value within the budget is found exactly, so that compute moves from bins where it is worth little to
 * others.
 *
 * It is fitted on all folds but one and tested on that one, in turn, so that no task is in its own fit. There it is
 * compared with one width for all tasks at the same mean cost, a mixture of two widths where none costs just that.
 * The intervals are over tasks; what the folds share is not in them.
 *
 * @throws PosttrainError `invalid-argument` for procedures of different tasks, an unknown name, too few tasks for folds
 *   and bins, or a budget below the cheapest choice
 * @example
 * ```ts
 * const usage = { promptTokens: 1, completionTokens: 1 }
 * const passesAt = (index: number, id: string) => id < 'e' || index === 7 // four easy tasks, four hard ones
 * const sampler: Sampler = {
 *   async *sample(requests) {
 *     for (const { task, count, firstIndex = 0, seed, id = task.id } of requests) {
 *       for (let index = firstIndex; index < firstIndex + count; index++) {
 *         yield { id, taskId: task.id, index, seed, text: `${passesAt(index, task.id)}`, finish: 'stop', usage }
 *       }
 *     }
 *   },
 * }
 * const by: RewardFunction = {
 *   name: 'tests',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text === 'true' ? 1 : 0 })),
 * }
 * const tasks = [...'abcdefgh'].map((id) => ({ id, prompt: '?' }))
 * const procedures = [1, 4, 8].map((n) => bestOf({ n, by }))
 * const measured = await measureProcedures({ procedures, sampler, tasks, reward: by, samplesPerTask: 8 })
 * const uniform = procedures.map(({ name }) => name)
 * const difficulties = [0, 0, 0, 0, 1, 1, 1, 1]
 * const { choice } = computeOptimal({ measured, difficulties, uniform, budget: 4.5, bins: 2 })
 * choice.procedures // => ['best-of-1 by tests', 'best-of-8 by tests']
 * ```
 */
export function computeOptimal(options: ComputeOptimalOptions): ComputeOptimalReport {
  const { budget, unit = 'tokens', bins = 5, folds = 2, level, seed = 0 } = options
  const table = tableOf(options)
  requireFinite('budget', budget, { above: 0 })
  requireOneOf('unit', unit, ['tokens', 'samples'])
  requireInteger('folds', folds, { min: 2, max: table.difficulties.length })
  const uniform = options.uniform.map((name) => placeOf(table, name))
  if (uniform.length === 0) throw invalidArgument('uniform must not be empty', 'name the widths to compare with')

  const order = shuffled([...table.difficulties.keys()], createStream(seed, 'folds'))
  const results: { task: number; chosen: Spent; same: Spent }[] = []
  const fitted = Array.from({ length: folds }, (_, fold) => {
    const tested = order.filter((_, i) => i % folds === fold)
    const choice = chooseByDifficulty(
      onTasks(
        table,
        order.filter((_, i) => i % folds !== fold),
      ),
      { bins, budget, unit },
    )
    const part = onTasks(table, tested)
    const chosen = part.difficulties.map((difficulty, task): Spent => {
      const name = choice.procedures[difficultyBin(difficulty, choice.edges)]!
      const entry = part.entries[placeOf(table, name)]![task]!
      return { value: entry.value, cost: entry[unit] }
    })
    const cost = mean(chosen.map((spent) => spent.cost))
    const same = uniformAtCost(
      uniform.map((place) => part.entries[place]!),
      cost,
      unit,
    )
    tested.forEach((task, i) => results.push({ task, chosen: chosen[i]!, same: same[i]! }))
    return { choice, tested: tested.length }
  })
  results.sort((a, b) => a.task - b.task)
  const samples = options.measured[0]!.estimate.samplesPerTask.min
  const atCost = (name: string, of: readonly Spent[]): AtCost => ({
    value: meanEstimate(
      of.map(({ value }) => ({ value, samples })),
      { name, unscored: 'count-as-failure', level, seed },
    ),
    cost: mean(of.map(({ cost }) => cost)),
  })
  const [chosen, same] = [results.map((result) => result.chosen), results.map((result) => result.same)]
  return {
    choice: chooseByDifficulty(table, { bins, budget, unit }),
    folds: fitted,
    chosen: atCost('chosen by difficulty', chosen),
    uniform: atCost('uniform', same),
    difference: pairedDifference(
      same.map(({ value }) => value),
      chosen.map(({ value }) => value),
      { level, seed },
    ),
  }
}

function tableOf({ measured, difficulties }: ComputeOptimalOptions): MeasuredTable {
  const [first] = measured
  if (!first) throw invalidArgument('measured must not be empty', 'give what measureProcedures gives')
  const ids = first.perTask.map(({ taskId }) => taskId)
  for (const { name, perTask } of measured) {
    if (perTask.length === ids.length && perTask.every(({ taskId }, i) => taskId === ids[i])) continue
    throw invalidArgument(
      `${name} and ${first.name} are of different tasks`,
      'measure all on the same tasks, in one order',
    )
  }
  if (difficulties.length !== ids.length) {
    throw invalidArgument(
      `there are ${difficulties.length} difficulties, but ${ids.length} tasks`,
      'give one for each task',
    )
  }
  const names = measured.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw invalidArgument(`two of the measured procedures have the name ${twice}`)
  return { names, difficulties, entries: measured.map(({ perTask }) => perTask) }
}

function placeOf({ names }: MeasuredTable, name: string): number {
  const place = names.indexOf(name)
  if (place >= 0) return place
  throw invalidArgument(`nothing measured has the name ${name}`, `use one of: ${names.join(', ')}`)
}
