import { invalidArgument, PosttrainError, requireFinite, requireInteger } from '@posttrain/core'
import { solve } from 'yalps'
import { capacityOf } from './select-within-budget.js'

/** At most this share of prompts may be answered from these cost groups. */
export interface Budget {
  readonly groups: readonly number[]
  /** q, from 0 to 1. */
  readonly share: number
}

/** The reward by which a cheaper group wins a tie; far below what rewards of real samples differ by. */
const TIE = 1e-7

/**
 * Which cost group answers each prompt, under several budgets: the exact optimum of the integer programme
 * max Σₓ Σ_g z_{xg} R_{xg} subject to Σ_g z_{xg} ≤ 1 and Σₓ Σ_{g ∈ budget} z_{xg} ≤ ⌊q·B⌋ for each budget (IBPO, Yu et
 * al. 2025, https://arxiv.org/abs/2501.17974).
 *
 * @param rewards by prompt and cost group: mean reward; absent where a prompt has no sample of the group, which is then
 *   not chosen
 * @param budgets what is scarce; group 0, the cheapest, usually is not
 * @returns the group of each prompt; absent where none is affordable or known. A tie goes to the cheaper group
 * @throws PosttrainError `invalid-argument` for rewards that are not finite or budgets that name no group
 * @example
 * ```ts
 * selectGroups([[0.5, 1], [1, 1], [0, 0.5]], [{ groups: [1], share: 2 / 3 }]) // => [1, 0, 1]
 * ```
 */
export function selectGroups(
  rewards: readonly (readonly (number | undefined)[])[],
  budgets: readonly Budget[],
): (number | undefined)[] {
  const groups = rewards[0]?.length ?? 0
  rewards.forEach((row, x) => {
    if (row.length !== groups)
      throw invalidArgument(`rewards[${x}] has ${row.length} groups, but rewards[0] has ${groups}`)
    row.forEach((reward, g) => reward !== undefined && requireFinite(`rewards[${x}][${g}]`, reward))
  })
  budgets.forEach((budget, b) => {
    if (budget.groups.length === 0) throw invalidArgument(`budgets[${b}] names no group`)
    if (rewards.length > 0)
      budget.groups.forEach((g) => requireInteger(`a group of budgets[${b}]`, g, { min: 0, max: groups - 1 }))
  })
  const limits: [string, { max: number }][] = [
    ...rewards.map((_, x): [string, { max: number }] => [`prompt ${x}`, { max: 1 }]),
    ...budgets.map(({ share }, b): [string, { max: number }] => [
      `budget ${b}`,
      { max: capacityOf(share, rewards.length) },
    ]),
  ]
  // A prompt is answered rather than not wherever the budgets allow, even for a reward below 0.
  const lowest = Math.min(0, ...rewards.flat().map((reward) => reward ?? 0))
  const variables = rewards.flatMap((row, x) =>
    row.flatMap((reward, g): [string, [string, number][]][] => {
      if (reward === undefined) return []
      const within = budgets.flatMap((budget, b): [string, number][] =>
        budget.groups.includes(g) ? [[`budget ${b}`, 1]] : [],
      )
      return [[`${x} ${g}`, [['reward', reward - lowest + TIE * (groups - g)], [`prompt ${x}`, 1], ...within]]]
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
  return chosen
}
