import { invalidArgument, PosttrainError, requireFinite, requireInteger } from '@posttrain/core'
import { solve } from 'yalps'
import { capacityOf } from './select-within-budget.js'

/** At most this share of prompts may be answered from these cost groups. */
export interface Budget {
  readonly groups: readonly number[]
  /** q, from 0 to 1. */
  readonly share: number
}

/**
 * Which cost group answers each prompt, under several budgets: the optimum of the integer programme
 * max Σₓ [Σ_g z_{xg} R_{xg} + (1 − Σ_g z_{xg}) R₀] subject to Σ_g z_{xg} ≤ 1 and Σₓ Σ_{g ∈ budget} z_{xg} ≤ ⌊q·B⌋ for
 * each budget (IBPO, Yu et al. 2025, https://arxiv.org/abs/2501.17974). R₀ = min(0, lowest reward) is what a prompt
 * without an answer is worth: 0, and where rewards are negative no more than the worst of them, so that a prompt is
 * answered wherever the budgets allow.
 *
 * The solver works to 1e-9 of the span of rewards. After it each prompt in turn takes the best group that the budgets
 * allow, and of equal ones the cheapest: a gain that is too small for the solver is not given up for a tie.
 *
 * @param rewards by prompt and cost group: mean reward; absent where a prompt has no sample of the group, which is then
 *   not chosen
 * @param budgets what is scarce; group 0, the cheapest, usually is not
 * @returns the group of each prompt; absent where none is affordable or known. A tie goes to the cheaper group
 * @throws PosttrainError `invalid-argument` for rewards that are not finite, or budgets that name no group or a share
 *   outside 0 … 1
 * @example
 * ```ts
 * selectGroups([[0.5, 1], [1, 1], [0, 0.5]], [{ groups: [1], share: 2 / 3 }]) // => [1, 0, 1]
 * ```
 */
export function selectGroups(
  rewards: readonly (readonly (number | undefined)[])[],
  budgets: readonly Budget[],
): (number | undefined)[] {
  requireProgramme(rewards, budgets)
  const capacities = budgets.map(({ share }) => capacityOf(share, rewards.length))
  const all = rewards.flat().flatMap((reward) => reward ?? [])
  const lowest = Math.min(0, ...all)
  const span = Math.max(0, ...all) - lowest || 1
  const limits: [string, { max: number }][] = [
    ...rewards.map((_, x): [string, { max: number }] => [`prompt ${x}`, { max: 1 }]),
    ...capacities.map((max, b): [string, { max: number }] => [`budget ${b}`, { max }]),
  ]
  const variables = rewards.flatMap((row, x) =>
    row.flatMap((reward, g): [string, [string, number][]][] => {
      if (reward === undefined) return []
      const within = budgets.flatMap((budget, b): [string, number][] =>
        budget.groups.includes(g) ? [[`budget ${b}`, 1]] : [],
      )
      return [[`${x} ${g}`, [['reward', (reward - lowest) / span], [`prompt ${x}`, 1], ...within]]]
    }),
  )
  // Each prompt's limit of 1 makes them binary; a bound on each variable would be another row of the solver's table.
  const model = { direction: 'maximize', objective: 'reward', constraints: limits, variables, integers: true } as const
  const solution = solve(model, { precision: 1e-9, tolerance: 0 })
  if (solution.status !== 'optimal') {
    throw new PosttrainError(
      'unsupported',
      `the integer programme ended ${solution.status}`,
      'use fewer prompts per step',
    )
  }
  const chosen = rewards.map((): number | undefined => undefined)
  for (const [key, value] of solution.variables) {
    const [x, g] = key.split(' ').map(Number)
    if (value > 0.5) chosen[x!] = g!
  }
  return settled(chosen, rewards, budgets, capacities)
}

/** Every prompt at the best group that the others leave to it, the cheapest of equal ones. */
function settled(
  chosen: readonly (number | undefined)[],
  rewards: readonly (readonly (number | undefined)[])[],
  budgets: readonly Budget[],
  capacities: readonly number[],
): (number | undefined)[] {
  const result = [...chosen]
  const left = capacities.map((capacity, b) => capacity - result.filter((g) => isWithin(budgets[b]!, g)).length)
  for (let changed = true; changed;) {
    changed = false
    rewards.forEach((row, x) => {
      const now = result[x]
      const isAffordable = (g: number): boolean =>
        budgets.every((budget, b) => !isWithin(budget, g) || left[b]! + Number(isWithin(budget, now)) > 0)
      let best: number | undefined
      row.forEach((reward, g) => {
        if (reward !== undefined && isAffordable(g) && (best === undefined || reward > row[best]!)) best = g
      })
      if (best === now) return
      budgets.forEach((budget, b) => (left[b]! += Number(isWithin(budget, now)) - Number(isWithin(budget, best))))
      result[x] = best
      changed = true
    })
  }
  return result
}

const isWithin = ({ groups }: Budget, g: number | undefined): boolean => g !== undefined && groups.includes(g)

function requireProgramme(rewards: readonly (readonly (number | undefined)[])[], budgets: readonly Budget[]): void {
  const groups = rewards[0]?.length ?? 0
  rewards.forEach((row, x) => {
    if (row.length !== groups)
      throw invalidArgument(`rewards[${x}] has ${row.length} groups, but rewards[0] has ${groups}`)
    row.forEach((reward, g) => reward !== undefined && requireFinite(`rewards[${x}][${g}]`, reward))
  })
  budgets.forEach((budget, b) => {
    if (budget.groups.length === 0) throw invalidArgument(`budgets[${b}] names no group`)
    requireFinite(`the share of budgets[${b}]`, budget.share, { min: 0, max: 1 })
    if (rewards.length > 0)
      budget.groups.forEach((g) => requireInteger(`a group of budgets[${b}]`, g, { min: 0, max: groups - 1 }))
  })
}
