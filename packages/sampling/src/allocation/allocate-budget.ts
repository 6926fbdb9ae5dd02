import { invalidArgument, requireFinite, requireInteger } from '@posttrain/core'

/** What samples of one task are worth, and what they cost. */
export interface BudgetDemand {
  /** (0 … most samples): what so many are worth, as `passValues` says it; not falling. */
  readonly values: ArrayLike<number>
  /** Of a sample, a whole number in the unit of the budget (default 1). */
  readonly cost?: number | undefined
  /** Samples that the task gets in any case (default 0). */
  readonly floor?: number | undefined
}

/** Steps of a dynamic programme that a person would wait for. */
const MOST_STEPS = 2e9

/**
 * Shares a budget among tasks so that the sum of their values is greatest. Of equal sums the one that spends least is
 * taken, then the one that gives earlier tasks more.
 *
 * Where all samples cost the same and each further one of a task is worth less, the greatest gains are taken one after
 * another, which is optimal (Fox 1966). Otherwise a dynamic programme over the budget finds the optimum: where costs
 * differ the greatest gain for its cost may not be in it, and majority votes gain nothing from every second sample.
 *
 * @param demands (tasks)
 * @param budget in the unit of the costs
 * @returns (tasks): samples
 * @throws PosttrainError `invalid-argument` for values that fall or are not finite, costs that are no positive
 *   integers, and floors that the budget or the values do not cover
 * @example
 * ```ts
 * const demands = [0.5, 0.1, 0.9].map((p) => ({ values: passValues(p, 6) }))
 * allocateBudget(demands, 6) // => [3, 2, 1]
 * ```
 */
export function allocateBudget(demands: readonly BudgetDemand[], budget: number): readonly number[] {
  requireInteger('budget', budget, { min: 0 })
  const asked = demands.map(checked)
  const floors = asked.reduce((sum, { floor, cost }) => sum + floor * cost, 0)
  if (floors > budget) {
    throw invalidArgument(
      `the floors cost ${floors}, but the budget is ${budget}`,
      'lower the floors or raise the budget',
    )
  }
  const isEasy = asked.every(({ cost, isConcave }) => isConcave && cost === asked[0]!.cost)
  return isEasy ? byGains(asked, budget) : byProgramme(asked, budget)
}

/**
 * What k attempts of a task are worth whose success rate is known: pass@k, 1 − (1 − p)ᵏ.
 *
 * @param p success rate of one sample
 * @param most attempts
 * @returns (0 … most)
 * @throws PosttrainError `invalid-argument` for a rate that is no probability
 * @example
 * ```ts
 * passValues(0.5, 3) // => [0, 0.5, 0.75, 0.875]
 * ```
 */
export function passValues(p: number, most: number): readonly number[] {
  requireFinite('p', p, { min: 0, max: 1 })
  requireInteger('most', most, { min: 0 })
  return Array.from({ length: most + 1 }, (_, k) => (k === 0 ? 0 : 1 - (1 - p) ** k))
}

interface Asked {
  readonly values: readonly number[]
  readonly cost: number
  readonly floor: number
  readonly isConcave: boolean
}

/** Differences below it are rounding. */
const ROUNDING = 1e-12

function checked({ values: given, cost = 1, floor = 0 }: BudgetDemand, task: number): Asked {
  const values = Array.from(given)
  if (values.length === 0) throw invalidArgument(`demands[${task}] has no values`, 'give one for no samples at least')
  values.forEach((value, k) => {
    requireFinite(`demands[${task}].values[${k}]`, value)
    if (k > 0 && value < values[k - 1]! - ROUNDING) {
      throw invalidArgument(
        `demands[${task}] is worth less with ${k} samples than with ${k - 1}`,
        'values must not fall',
      )
    }
  })
  requireInteger(`demands[${task}].cost`, cost, { min: 1 })
  requireInteger(`demands[${task}].floor`, floor, { min: 0, max: values.length - 1 })
  const isConcave = values.every(
    (value, k) => k < 2 || value - values[k - 1]! <= values[k - 1]! - values[k - 2]! + ROUNDING,
  )
  return { values, cost, floor, isConcave }
}

/** The greatest gains first; a task's own come in their order, for each is at most the one before. */
function byGains(asked: readonly Asked[], budget: number): readonly number[] {
  const samples = asked.map(({ floor }) => floor)
  const cost = asked[0]?.cost ?? 1
  const left = Math.floor(budget / cost) - samples.reduce((sum, floor) => sum + floor, 0)
  const gains = asked.flatMap(({ values, floor }, task) =>
    values.slice(floor + 1).flatMap((value, i) => {
      const gain = value - values[floor + i]!
      return gain > ROUNDING ? [{ task, gain, k: floor + i }] : []
    }),
  )
  gains.sort((a, b) => (Math.abs(a.gain - b.gain) > ROUNDING ? b.gain - a.gain : a.k - b.k || a.task - b.task))
  for (const { task } of gains.slice(0, left)) samples[task]!++
  return samples
}

/** The best of tasks from the last to the first within each budget, and then the way back. */
function byProgramme(asked: readonly Asked[], budget: number): readonly number[] {
  const steps = asked.reduce((sum, { values, floor }) => sum + (values.length - floor) * (budget + 1), 0)
  if (steps > MOST_STEPS) {
    throw invalidArgument(
      `${asked.length} tasks within a budget of ${budget} are too many`,
      'measure costs in a larger unit',
    )
  }
  let best = Float64Array.from({ length: budget + 1 }, () => 0)
  let spent = new Float64Array(budget + 1)
  const choices: Int32Array[] = []
  for (const { values, cost, floor } of [...asked].reverse()) {
    const [value, paid, choice] = [
      new Float64Array(budget + 1),
      new Float64Array(budget + 1),
      new Int32Array(budget + 1),
    ]
    for (let within = 0; within <= budget; within++) {
      value[within] = -Infinity
      for (let k = values.length - 1; k >= floor; k--) {
        const rest = within - k * cost
        if (rest < 0) continue
        const [sum, cost2] = [values[k]! + best[rest]!, k * cost + spent[rest]!]
        const gain = sum - value[within]!
        if (gain > ROUNDING || (gain >= -ROUNDING && cost2 < paid[within]!)) {
          ;[value[within], paid[within], choice[within]] = [sum, cost2, k]
        }
      }
    }
    ;[best, spent] = [value, paid]
    choices.unshift(choice)
  }
  let left = budget
  return asked.map(({ cost }, task) => {
    const k = choices[task]![left]!
    left -= k * cost
    return k
  })
}
